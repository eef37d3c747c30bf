"""The database engine of config.settings."""
