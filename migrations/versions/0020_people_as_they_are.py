"""Whether anything was told of people since an instant: figures of now read them as they are"""

from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('participant_versions') as batch_op:
        batch_op.create_check_constraint(
            op.f('ck_participant_versions_told_after'), 'valid_from <= recorded_at'
        )
    op.create_index(
        'ix_participant_versions_recorded', 'participant_versions', ['conference_id', 'recorded_at']
    )


def downgrade() -> None:
    op.drop_index('ix_participant_versions_recorded', table_name='participant_versions')
    with op.batch_alter_table('participant_versions') as batch_op:
        batch_op.drop_constraint(op.f('ck_participant_versions_told_after'), type_='check')
