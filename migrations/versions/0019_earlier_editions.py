"""Who people were at an earlier edition, as officers decide it"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'earlier_parts',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('conference_id', sa.Uuid(), nullable=False),
        sa.Column('participant_id', sa.Uuid(), nullable=False),
        sa.Column('earlier_id', sa.Uuid(), nullable=True),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('decided_by', sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ['conference_id'], ['conferences.id'], name=op.f('fk_earlier_parts_conference_id')
        ),
        sa.ForeignKeyConstraint(
            ['conference_id', 'participant_id'],
            ['participants.conference_id', 'participants.id'],
            name=op.f('fk_earlier_parts_conference_id_participant_id'),
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_earlier_parts')),
    )
    op.create_index(
        'ix_earlier_parts_person', 'earlier_parts', ['conference_id', 'participant_id', 'decided_at']
    )


def downgrade() -> None:
    op.drop_table('earlier_parts')
