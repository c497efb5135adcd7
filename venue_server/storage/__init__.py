"""Engine, schema, migrations, durable files, disk watch. SQL lives here and in each store.py."""
