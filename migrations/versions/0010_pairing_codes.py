"""pairing codes"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('pairing_codes',
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conference_id', sa.Uuid(), nullable=False),
    sa.Column('gate_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['conference_id', 'gate_id'], ['gates.conference_id', 'gates.id'], name=op.f('fk_pairing_codes_conference_id_gate_id')),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_pairing_codes_conference_id')),
    sa.PrimaryKeyConstraint('code_hash', name=op.f('pk_pairing_codes'))
    )
    op.create_index('ix_pairing_codes_expires_at', 'pairing_codes', ['expires_at'], unique=False)
    op.add_column('tokens', sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('tokens', 'last_seen_at')
    op.drop_index('ix_pairing_codes_expires_at', table_name='pairing_codes')
    op.drop_table('pairing_codes')
