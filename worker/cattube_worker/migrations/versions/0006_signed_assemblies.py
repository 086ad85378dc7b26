"""whether an assembly's request was signed"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade():
    # Without REQUIRE_SIGNATURE=false all of them were. Not in a batch: SQLite would make the table anew, and
    # other tables refer to it.
    op.add_column("assemblies", sa.Column("is_signed", sa.Boolean(), nullable=False, server_default=sa.true()))
