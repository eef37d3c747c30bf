"""Benchmarks: each bar of docs/performance.md beside the machine's own limit, measured in the same run."""
