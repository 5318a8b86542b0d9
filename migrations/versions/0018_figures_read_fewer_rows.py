"""Indexes in which figures find all that they ask for; what a scan was before it was annulled"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

_ANNULLED = sa.text('was_present')
_WIDER = (
    ('ix_participant_versions_at', 'participant_versions', 'participant_id', 'valid_from', 'recorded_at', 'id'),
    ('ix_delegation_versions_at', 'delegation_versions', 'delegation_id', 'valid_from', 'recorded_at', 'id'),
    ('ix_badges_collected', 'badges', 'participant_id', 'collected_at', 'collected_recorded_at'),
)


def _again(*, wider: bool) -> None:
    for name, table, *columns in _WIDER:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, ['conference_id', *(columns if wider else columns[:-1])])


def upgrade() -> None:
    _again(wider=True)
    op.add_column('scans', sa.Column('was_present', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.create_index(
        'ix_scans_annulled',
        'scans',
        ['conference_id', 'participant_id', 'at', 'recorded_at', 'annulled_at', 'gate_id', 'was_present'],
        sqlite_where=_ANNULLED,
        postgresql_where=_ANNULLED,
    )


def downgrade() -> None:
    op.drop_index('ix_scans_annulled', table_name='scans')
    with op.batch_alter_table('scans', schema=None) as batch_op:
        batch_op.drop_column('was_present')
    _again(wider=False)
