"""Alembic's entry: runs the migrations on the connection that `engine` hands over."""

from alembic import context

from feedd.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a column otherwise
)
with context.begin_transaction():
    context.run_migrations()
