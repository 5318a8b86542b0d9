"""Places: quotas per delegation, of things, with instants; slots; overflow; offers and priorities"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Each column is nullable or has a default of the server's, so that no table is made anew.
    for column in (
        sa.Column('thing_kind', sa.String(length=32), nullable=True),
        sa.Column('thing_id', sa.Uuid(), nullable=True),
        sa.Column('per_delegation', sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column('exception', sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column('offer_hours', sa.Integer(), nullable=True),
        sa.Column('opens_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column('quotas', column)
    op.add_column(
        'quotas',
        sa.Column(
            'parent_id',
            sa.Uuid(),
            sa.ForeignKey('quotas.id', name=op.f('fk_quotas_parent_id')),
            nullable=True,
        ),
        inline_references=True,
    )
    op.create_index('uq_quotas_parent', 'quotas', ['parent_id', 'delegation_id'], unique=True)
    op.add_column(
        'quota_places',
        sa.Column('overflow', sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    for column in (
        sa.Column('overflow', sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column('waiting_priority', sa.Integer(), server_default=sa.text('0'), nullable=False),
        sa.Column('offered_until', sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column('participants', column)
    op.create_table(
        'slots',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('conference_id', sa.Uuid(), nullable=False),
        sa.Column('delegation_id', sa.Uuid(), nullable=False),
        sa.Column('role', sa.String(length=32), nullable=False),
        sa.Column('held_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('participant_id', sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(['conference_id'], ['conferences.id'], name=op.f('fk_slots_conference_id')),
        sa.ForeignKeyConstraint(['conference_id', 'delegation_id'], ['delegations.conference_id', 'delegations.id'], name=op.f('fk_slots_conference_id_delegation_id')),
        sa.ForeignKeyConstraint(['conference_id', 'participant_id'], ['participants.conference_id', 'participants.id'], name=op.f('fk_slots_conference_id_participant_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_slots')),
        sa.UniqueConstraint('conference_id', 'id', name=op.f('uq_slots_conference_id_id')),
        sa.UniqueConstraint('conference_id', 'participant_id', name=op.f('uq_slots_conference_id_participant_id')),
    )
    op.create_index('ix_slots_delegation', 'slots', ['conference_id', 'delegation_id'])
    op.create_table(
        'slot_places',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('conference_id', sa.Uuid(), nullable=False),
        sa.Column('quota_id', sa.Uuid(), nullable=False),
        sa.Column('slot_id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['conference_id', 'quota_id'], ['quotas.conference_id', 'quotas.id'], name=op.f('fk_slot_places_conference_id_quota_id')),
        sa.ForeignKeyConstraint(['conference_id', 'slot_id'], ['slots.conference_id', 'slots.id'], name=op.f('fk_slot_places_conference_id_slot_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_slot_places')),
        sa.UniqueConstraint('conference_id', 'quota_id', 'slot_id', name=op.f('uq_slot_places_conference_id_quota_id_slot_id')),
    )
    op.create_index('ix_slot_places_slot', 'slot_places', ['conference_id', 'slot_id'])
