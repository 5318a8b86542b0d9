"""what gates decide by

Rules of gates, and of scans who passed, what a device decided alone and where that is a conflict.
"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

_CONFLICT = sa.text('conflict IS NOT NULL')


def upgrade() -> None:
    op.add_column('gates', sa.Column('rules', sa.JSON(none_as_null=True), server_default=sa.text("'{}'"), nullable=False))
    op.add_column('gates', sa.Column('version', sa.Integer(), server_default=sa.text('1'), nullable=False))
    op.add_column('scans', sa.Column('passed', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('scans', sa.Column('offline_result', sa.String(length=32), nullable=True))
    op.add_column('scans', sa.Column('conflict', sa.Enum('ok', 'invalid', 'canceled', 'already_redeemed', 'product', 'rules', 'revoked', 'blocked', 'invalid_time', 'unapproved', 'error', 'unknown', name='conflict', native_enum=False, length=32), nullable=True))
    op.add_column('scans', sa.Column('annulled_at', sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE scans SET passed = true WHERE result = 'ok' AND badge_id IS NOT NULL")
    op.create_index('ix_scans_conflicts', 'scans', ['conference_id', 'at'], unique=False, sqlite_where=_CONFLICT, postgresql_where=_CONFLICT)


def downgrade() -> None:
    op.drop_index('ix_scans_conflicts', table_name='scans')
    for column in ('annulled_at', 'conflict', 'offline_result', 'passed'):
        op.drop_column('scans', column)
    for column in ('version', 'rules'):
        op.drop_column('gates', column)
