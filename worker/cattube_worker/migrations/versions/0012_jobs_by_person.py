"""an index by which the next job of each person is found"""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade():
    columns = ["queue", "state", "is_new", "owner", "due_at", "created_at", "id"]
    op.create_index("jobs_by_person", "jobs", columns)
