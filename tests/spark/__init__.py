"""What only a real Spark can show: `just test-spark`."""
