"""expiries that clients give their templates"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade():
    with op.batch_alter_table("templates", schema=None) as batch_op:
        for name in ("status_expiry", "result_expiry"):
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=True))
