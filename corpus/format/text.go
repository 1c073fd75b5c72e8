package format

func parseText(d *document) { d.takeText(d.decode()) }

func (d *document) takeText(src []byte) {}
