"""certificates"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('certificates',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conference_id', sa.Uuid(), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issued_by', sa.String(length=200), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.ForeignKeyConstraint(['conference_id', 'participant_id'], ['participants.conference_id', 'participants.id'], name=op.f('fk_certificates_conference_id_participant_id')),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_certificates_conference_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificates')),
    sa.UniqueConstraint('code', name=op.f('uq_certificates_code')),
    sa.UniqueConstraint('conference_id', 'id', name=op.f('uq_certificates_conference_id_id'))
    )
    op.create_index('uq_certificates_valid', 'certificates', ['conference_id', 'participant_id'], unique=True, sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))

    # Everything that figures ask of a presence is in the index, so that no scan is read.
    op.drop_index('ix_scans_present', table_name='scans')
    op.create_index('ix_scans_present', 'scans', ['participant_id', 'at', 'recorded_at', 'gate_id', 'present'], unique=False, sqlite_where=sa.text('present'), postgresql_where=sa.text('present'))


def downgrade() -> None:
    op.drop_index('ix_scans_present', table_name='scans')
    op.create_index('ix_scans_present', 'scans', ['participant_id', 'at', 'recorded_at'], unique=False, sqlite_where=sa.text('present'), postgresql_where=sa.text('present'))
    op.drop_table('certificates')
