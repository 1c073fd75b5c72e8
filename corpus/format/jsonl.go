package format

func parseJSON(d *document) {}
