"""Conflicts of devices that an officer has settled"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'settled_conflicts',
        sa.Column(
            'scan_id',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column('conference_id', sa.Uuid(), nullable=False),
        sa.Column('found', sa.String(length=32), nullable=False),
        sa.Column('note', sa.String(length=300), nullable=False),
        sa.Column('settled_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('settled_by', sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ['conference_id'],
            ['conferences.id'],
            name=op.f('fk_settled_conflicts_conference_id'),
        ),
        sa.ForeignKeyConstraint(
            ['scan_id'], ['scans.id'], name=op.f('fk_settled_conflicts_scan_id')
        ),
        sa.PrimaryKeyConstraint('scan_id', name=op.f('pk_settled_conflicts')),
    )


def downgrade() -> None:
    op.drop_table('settled_conflicts')
