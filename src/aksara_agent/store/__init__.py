"""What outlives the process: sessions, checkpoints and the journal, in one database and one transaction each."""
