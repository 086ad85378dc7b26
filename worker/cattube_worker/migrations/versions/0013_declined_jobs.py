"""the hosts that have not what a job needs"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade():
    # Not in a batch, as in 0006.
    op.add_column("jobs", sa.Column("declined_by", sa.Text(), nullable=False, server_default=""))
