"""the queue each job waits in"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade():
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("queue", sa.Text(), nullable=False, server_default="work"))
    jobs = sa.table("jobs", sa.column("node"), sa.column("queue"))
    op.execute(jobs.update().where(jobs.c.node == ":original").values(queue="looks"))
