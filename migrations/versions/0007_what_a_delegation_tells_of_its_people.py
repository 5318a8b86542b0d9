"""What a delegation tells of its people: languages, dietary and access needs"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('participants', sa.Column('languages', sa.JSON(none_as_null=True), nullable=True))
    op.add_column('participants', sa.Column('dietary', sa.String(length=500), nullable=True))
    op.add_column('participants', sa.Column('access_needs', sa.String(length=500), nullable=True))


def downgrade() -> None:
    for column in ('access_needs', 'dietary', 'languages'):
        op.drop_column('participants', column)
