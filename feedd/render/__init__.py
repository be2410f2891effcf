"""The pure stage that writes: entries in, bytes of feeds, pages and letters out.

Each format is one file here; callers name it (``from feedd.render.atom import atom``). Nothing in this room
reads a disk (the package's templates excepted), a net, a database, a clock or a locale: equal values give
equal bytes.
"""
