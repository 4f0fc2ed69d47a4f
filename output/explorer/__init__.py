"""The explorer: the dataset in a browser, as a local web application or as a folder of static pages."""
