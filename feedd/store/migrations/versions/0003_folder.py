"""What the folder asks for: embargoes, withdrawals, translations, drops that wait to be judged."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drop", sa.Column("judged_by", sa.Text()))
    op.add_column("drop", sa.Column("imported", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("release", sa.Column("public_version", sa.Integer()))
    op.add_column("release", sa.Column("withdrawn_at", sa.DateTime(timezone=True)))
    op.add_column("release", sa.Column("notice", sa.Text()))
    op.add_column("release", sa.Column("language", sa.Text()))
    op.add_column("release", sa.Column("stated_guid", sa.Text()))
    op.add_column("release", sa.Column("stated_version", sa.Text()))
    op.add_column("release", sa.Column("translation_of", sa.Integer()))
    op.add_column("release", sa.Column("version_of", sa.Integer()))
    op.add_column("release", sa.Column("listed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("release", sa.Column("imported", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.drop_index("ix_release_state_published_guid", "release")
    op.drop_index("ix_release_state_class_published_guid", "release")
    op.create_index("ix_release_listed_published_guid", "release", ["listed", "published", "guid"])
    op.create_index("ix_release_listed_class_published_guid", "release", ["listed", "class", "published", "guid"])
    op.create_index("ix_release_stated_guid", "release", ["stated_guid"])
    op.create_index("ix_release_translation_of", "release", ["translation_of"])
    op.create_index("ix_release_state_embargo_until", "release", ["state", "embargo_until"])
    op.create_index("ix_release_issuer_key_stated", "release", ["issuer_key", "stated"])
    op.execute("UPDATE release SET public_version = 1, listed = true WHERE state = 'public'")
