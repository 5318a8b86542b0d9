"""cards and prints"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

_WORDS = ('label', 'collected_letter', 'identity_check')


def upgrade() -> None:
    # Plain columns: a batch of this table would delete its children on SQLite.
    for name in _WORDS:
        op.add_column('badges', sa.Column(name, sa.String(length=200), nullable=True))
    op.create_table('print_batches',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conference_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('design', sa.Enum('a6', 'card', 'a4', name='design', native_enum=False, length=32), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'printing', 'done', 'failed', name='batchstate', native_enum=False, length=32), nullable=False),
    sa.Column('serials', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('held', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=200), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_print_batches_conference_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_print_batches')),
    sa.UniqueConstraint('conference_id', 'id', name=op.f('uq_print_batches_conference_id_id'))
    )
    op.create_index('ix_print_batches_created', 'print_batches', ['conference_id', 'created_at'], unique=False)
    op.create_table('print_files',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conference_id', sa.Uuid(), nullable=False),
    sa.Column('batch_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('badges', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['conference_id', 'batch_id'], ['print_batches.conference_id', 'print_batches.id'], name=op.f('fk_print_files_conference_id_batch_id')),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_print_files_conference_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_print_files')),
    sa.UniqueConstraint('batch_id', 'position', name=op.f('uq_print_files_batch_id_position'))
    )


def downgrade() -> None:
    op.drop_table('print_files')
    op.drop_table('print_batches')
    for name in _WORDS:
        op.drop_column('badges', name)
