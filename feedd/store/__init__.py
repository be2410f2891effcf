"""The database: the only memory of the house. `engine` opens it, one file of queries per thing asks it.

A query function takes a connection of `Store.begin` or `Store.read` first; several of them inside one `begin`
become true together. `DatabaseFault` is what goes wrong inside, until `Store` makes a `StoreError` of it.
"""

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError as DatabaseFault

from feedd.store.engine import Store

__all__ = ["Connection", "DatabaseFault", "Store"]
