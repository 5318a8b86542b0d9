"""The cards that a delegation holds are found by it: gates count who of it is inside"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    card = sa.text('delegation_id IS NOT NULL')
    op.create_index(
        'ix_badges_cards',
        'badges',
        ['conference_id', 'delegation_id'],
        sqlite_where=card,
        postgresql_where=card,
    )


def downgrade() -> None:
    op.drop_index('ix_badges_cards', table_name='badges')
