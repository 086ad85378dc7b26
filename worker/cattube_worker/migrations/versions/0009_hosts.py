"""hosts, the host that a job is for, jobs that worker hosts were not told of yet, and whose turn it is"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

OWNERS = """
UPDATE jobs SET owner = coalesce((SELECT owner FROM assemblies WHERE id = jobs.assembly_id), '')
WHERE state IN ('waiting', 'running')
"""
BEGUN = """
UPDATE jobs SET is_new = false WHERE state IN ('waiting', 'running') AND EXISTS (
  SELECT 1 FROM jobs other WHERE other.assembly_id = jobs.assembly_id AND other.id <> jobs.id
  AND other.queue = 'work' AND other.state IN ('running', 'done')
)
"""


def upgrade():
    # Not in a batch: SQLite would make the table anew.
    op.add_column("jobs", sa.Column("host", sa.Text(), nullable=True))
    op.add_column("jobs", sa.Column("owner", sa.Text(), nullable=False, server_default=""))
    op.add_column("jobs", sa.Column("is_new", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index("jobs_by_turn", "jobs", ["queue", "state", "is_new", "due_at", "created_at", "id"])
    op.execute(OWNERS)
    op.execute(BEGUN)
    op.create_table(
        "hosts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Float(precision=53), nullable=False),
        sa.Column("seen_at", sa.Float(precision=53), nullable=False),
        sa.Column("clock_offset_seconds", sa.Float(precision=53), nullable=False),
        sa.Column("ffmpeg_version", sa.Text(), nullable=True),
        sa.Column("missing_encoders", sa.JSON(), nullable=False),
        sa.Column("running", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "announcements",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
