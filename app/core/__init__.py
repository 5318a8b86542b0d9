"""What every feature stands on and none owns: settings, database, errors, time, text, files."""
