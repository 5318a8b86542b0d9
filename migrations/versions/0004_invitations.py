"""Invitations, focal points, letters and links in mails"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('invitation_proposals',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conference_id', sa.Uuid(), nullable=False),
    sa.Column('codes', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('left_out', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('number', sa.String(length=100), nullable=False),
    sa.Column('dated', sa.Date(), nullable=False),
    sa.Column('reply_by', sa.Date(), nullable=True),
    sa.Column('state', sa.Enum('proposed', 'confirmed', 'dropped', name='proposalstate', native_enum=False, length=32), nullable=False),
    sa.Column('proposed_by', sa.Uuid(), nullable=True),
    sa.Column('proposer', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decider', sa.String(length=200), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_invitation_proposals_conference_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation_proposals'))
    )
    with op.batch_alter_table('invitation_proposals', schema=None) as batch_op:
        batch_op.create_index('ix_invitation_proposals_state', ['conference_id', 'state'], unique=False)

    op.create_table('not_invited',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conference_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_not_invited_conference_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_not_invited')),
    sa.UniqueConstraint('conference_id', 'code', name=op.f('uq_not_invited_conference_id_code'))
    )
    op.create_table('invitation_steps',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('conference_id', sa.Uuid(), nullable=False),
    sa.Column('delegation_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('act', sa.Enum('invited', 'reminded', 'accepted', 'declined', name='act', native_enum=False, length=32), nullable=False),
    sa.Column('channel', sa.Enum('note_verbale', 'email', 'telephone', 'in_person', 'portal', name='channel', native_enum=False, length=32), nullable=True),
    sa.Column('number', sa.String(length=100), nullable=True),
    sa.Column('dated', sa.Date(), nullable=True),
    sa.Column('reply_by', sa.Date(), nullable=True),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['conference_id', 'delegation_id'], ['delegations.conference_id', 'delegations.id'], name=op.f('fk_invitation_steps_conference_id_delegation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation_steps'))
    )
    with op.batch_alter_table('invitation_steps', schema=None) as batch_op:
        batch_op.create_index('ix_invitation_steps_act', ['conference_id', 'delegation_id', 'act'], unique=False)

    op.create_table('letters',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conference_id', sa.Uuid(), nullable=False),
    sa.Column('delegation_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('note_verbale', 'letter_of_nomination', name='letterkind', native_enum=False, length=32), nullable=False),
    sa.Column('number', sa.String(length=100), nullable=True),
    sa.Column('dated', sa.Date(), nullable=True),
    sa.Column('signatory', sa.String(length=200), nullable=True),
    sa.Column('channel', sa.Enum('note_verbale', 'email', 'telephone', 'in_person', 'portal', name='channel', native_enum=False, length=32), nullable=True),
    sa.Column('file_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['conference_id', 'delegation_id'], ['delegations.conference_id', 'delegations.id'], name=op.f('fk_letters_conference_id_delegation_id')),
    sa.ForeignKeyConstraint(['conference_id', 'file_id'], ['stored_files.conference_id', 'stored_files.id'], name=op.f('fk_letters_conference_id_file_id')),
    sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_letters_conference_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letters')),
    sa.UniqueConstraint('conference_id', 'id', name=op.f('uq_letters_conference_id_id'))
    )
    with op.batch_alter_table('letters', schema=None) as batch_op:
        batch_op.create_index('ix_letters_delegation', ['conference_id', 'delegation_id', 'created_at'], unique=False)

    op.create_table('links',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.Enum('sign_in', 'invitation', name='linkpurpose', native_enum=False, length=32), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('delegation_id', sa.Uuid(), nullable=True),
    sa.Column('path', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['delegation_id'], ['delegations.id'], name=op.f('fk_links_delegation_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_links_user_id')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_links'))
    )
    with op.batch_alter_table('links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_links_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_links_user_id'), ['user_id'], unique=False)

    op.add_column('delegations', sa.Column('language', sa.Enum('en', 'fr', 'ar', 'es', 'ru', 'zh', name='language', native_enum=False, length=32), nullable=True))


def downgrade() -> None:
    op.drop_column('delegations', 'language')
    for table in ('links', 'letters', 'invitation_steps', 'not_invited', 'invitation_proposals'):
        op.drop_table(table)
