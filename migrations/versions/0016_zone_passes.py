"""Zone passes: a zone opened to one person beyond the category of the badge"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'zone_passes',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('conference_id', sa.Uuid(), nullable=False),
        sa.Column('participant_id', sa.Uuid(), nullable=False),
        sa.Column('bit', sa.Integer(), nullable=False),
        sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('granted_by', sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ['conference_id', 'participant_id'],
            ['participants.conference_id', 'participants.id'],
            name=op.f('fk_zone_passes_conference_id_participant_id'),
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_zone_passes')),
        sa.UniqueConstraint(
            'conference_id',
            'participant_id',
            'bit',
            name=op.f('uq_zone_passes_conference_id_participant_id_bit'),
        ),
    )


def downgrade() -> None:
    op.drop_table('zone_passes')
