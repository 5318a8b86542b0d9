"""Why a replacement is asked for: the delegation's reason, read before the decision"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('change_requests', sa.Column('because', sa.String(length=300), nullable=True))


def downgrade() -> None:
    op.drop_column('change_requests', 'because')
