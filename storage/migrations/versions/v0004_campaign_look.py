"""Brand, voice and images of a campaign, kept with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaigns", sa.Column("look", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("campaigns", "look")
