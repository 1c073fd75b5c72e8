package format

func parseMarkdown(d *document) { d.takeMarkdown(d.decode()) }

func (d *document) takeMarkdown(src []byte) {}
