"""Identity documents, the keys that find look-alikes, and pairs told apart"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('identity_documents',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conference_id', sa.Uuid(), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.Column('type', sa.Enum('passport', 'national_id', 'laissez_passer', 'other', name='documenttype', native_enum=False, length=32), nullable=False),
    sa.Column('issuing_state', sa.String(length=3), nullable=False),
    sa.Column('sealed_number', sa.LargeBinary(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['conference_id', 'participant_id'], ['participants.conference_id', 'participants.id'], name=op.f('fk_identity_documents_conference_id_participant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_identity_documents')),
    sa.UniqueConstraint('conference_id', 'participant_id', name=op.f('uq_identity_documents_conference_id_participant_id'))
    )
    op.create_index('uq_identity_documents_active', 'identity_documents', ['conference_id', 'digest'], unique=True, sqlite_where=sa.text('active'), postgresql_where=sa.text('active'))
    op.create_table('name_keys',
    sa.Column('conference_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=100), nullable=False),
    sa.Column('participant_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['conference_id', 'participant_id'], ['participants.conference_id', 'participants.id'], name=op.f('fk_name_keys_conference_id_participant_id')),
    sa.PrimaryKeyConstraint('conference_id', 'key', 'participant_id', name=op.f('pk_name_keys'))
    )
    op.create_index('ix_name_keys_participant', 'name_keys', ['conference_id', 'participant_id'])
    op.create_table('distinct_pairs',
    sa.Column('conference_id', sa.Uuid(), nullable=False),
    sa.Column('first_id', sa.Uuid(), nullable=False),
    sa.Column('second_id', sa.Uuid(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('first_id < second_id', name=op.f('ck_distinct_pairs_first_before_second')),
    sa.ForeignKeyConstraint(['conference_id', 'first_id'], ['participants.conference_id', 'participants.id'], name=op.f('fk_distinct_pairs_conference_id_first_id')),
    sa.ForeignKeyConstraint(['conference_id', 'second_id'], ['participants.conference_id', 'participants.id'], name=op.f('fk_distinct_pairs_conference_id_second_id')),
    sa.PrimaryKeyConstraint('conference_id', 'first_id', 'second_id', name=op.f('pk_distinct_pairs'))
    )
    op.create_index('ix_distinct_pairs_second', 'distinct_pairs', ['conference_id', 'second_id'])
    _keys_of_those_who_are_here()


def _keys_of_those_who_are_here() -> None:
    # Derived from the names: whatever the present rules of spelling make of them is right.
    from app.core.spelling import name_key, skeleton

    people = sa.table('participants', sa.column('id', sa.Uuid()), sa.column('conference_id', sa.Uuid()), sa.column('name', sa.String()), sa.column('names', sa.JSON()), sa.column('skeleton', sa.String()))
    keys = sa.table('name_keys', sa.column('conference_id', sa.Uuid()), sa.column('key', sa.String()), sa.column('participant_id', sa.Uuid()))
    for row in op.get_bind().execute(sa.select(people)).all():
        op.execute(people.update().where(people.c.id == row.id).values(skeleton=skeleton(row.name)))
        for key in {name_key(name) for name in (row.name, *row.names.values())} - {''}:
            op.execute(keys.insert().values(conference_id=row.conference_id, key=key, participant_id=row.id))


def downgrade() -> None:
    op.drop_table('distinct_pairs')
    op.drop_table('name_keys')
    op.drop_table('identity_documents')
