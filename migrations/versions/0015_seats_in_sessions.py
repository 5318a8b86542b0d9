"""Seats in sessions: who of a delegation sits in a session that keeps places"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'session_seats',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('conference_id', sa.Uuid(), nullable=False),
        sa.Column('session_id', sa.Uuid(), nullable=False),
        sa.Column('participant_id', sa.Uuid(), nullable=False),
        sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['conference_id', 'session_id'],
            ['sessions.conference_id', 'sessions.id'],
            name=op.f('fk_session_seats_conference_id_session_id'),
        ),
        sa.ForeignKeyConstraint(
            ['conference_id', 'participant_id'],
            ['participants.conference_id', 'participants.id'],
            name=op.f('fk_session_seats_conference_id_participant_id'),
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_session_seats')),
        sa.UniqueConstraint(
            'conference_id',
            'session_id',
            'participant_id',
            name=op.f('uq_session_seats_conference_id_session_id_participant_id'),
        ),
    )
    op.create_index(
        'ix_session_seats_participant', 'session_seats', ['conference_id', 'participant_id']
    )


def downgrade() -> None:
    op.drop_table('session_seats')
