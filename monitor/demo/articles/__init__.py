"""The texts of the replica sites: one TOML file a site, written for this project."""
