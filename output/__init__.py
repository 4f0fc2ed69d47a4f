"""What people can do with the reports: the dataset, exports, comparison and the `gongkai` command."""
