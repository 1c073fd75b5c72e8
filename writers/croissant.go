package writers

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"broadsheet/schema"
)

// croissantContext is the context of Croissant 1.1, whole and in its order: readers warn of any other.
const croissantContext = `{
"@language": "en",
"@vocab": "https://schema.org/",
"arrayShape": "cr:arrayShape",
"citeAs": "cr:citeAs",
"column": "cr:column",
"conformsTo": "dct:conformsTo",
"containedIn": "cr:containedIn",
"cr": "http://mlcommons.org/croissant/",
"rai": "http://mlcommons.org/croissant/RAI/",
"data": {"@id": "cr:data", "@type": "@json"},
"dataType": {"@id": "cr:dataType", "@type": "@vocab"},
"dct": "http://purl.org/dc/terms/",
"description": {"@container": "@language"},
"equivalentProperty": "cr:equivalentProperty",
"examples": {"@id": "cr:examples", "@type": "@json"},
"extract": "cr:extract",
"field": "cr:field",
"fileProperty": "cr:fileProperty",
"fileObject": "cr:fileObject",
"fileSet": "cr:fileSet",
"format": "cr:format",
"includes": "cr:includes",
"isArray": "cr:isArray",
"isLiveDataset": "cr:isLiveDataset",
"jsonPath": "cr:jsonPath",
"key": "cr:key",
"md5": "cr:md5",
"name": {"@container": "@language"},
"parentField": "cr:parentField",
"path": "cr:path",
"prov": "http://www.w3.org/ns/prov#",
"recordSet": "cr:recordSet",
"references": "cr:references",
"regex": "cr:regex",
"repeated": "cr:repeated",
"replace": "cr:replace",
"samplingRate": "cr:samplingRate",
"sc": "https://schema.org/",
"separator": "cr:separator",
"source": "cr:source",
"subField": "cr:subField",
"transform": "cr:transform"
}`

// object is a JSON object whose keys keep their order.
type object = schema.Settings

// obj makes an object of pairs of a key and its value.
func obj(pairs ...any) object {
	var o object
	for i := 0; i+1 < len(pairs); i += 2 {
		o.Set(pairs[i].(string), pairs[i+1])
	}
	return o
}

// notStated stands for what the person who published a dataset did not say; a release check refuses it.
const notStated = "Not stated."

// Croissant is croissant.json: the dataset described in Croissant 1.1 with the fields for responsible AI. The Parquet
// files are one set inside the folder, so that shards that are added later need no new description.
func Croissant(m *schema.Manifest, r Release) ([]byte, error) {
	var fields []object
	for _, c := range m.Columns {
		dataType, repeated := c.Croissant()
		id := "documents/" + c.Name
		f := obj("@type", "cr:Field", "@id", id, "name", c.Name, "description", c.Description, "dataType", dataType)
		if repeated {
			f.Set("repeated", true)
		}
		f.Set("source", obj("fileSet", obj("@id", "parquet-files"), "extract", obj("column", c.Name)))
		fields = append(fields, f)
	}
	t := m.Totals
	description := cmp.Or(r.Description, fmt.Sprintf("%d articles as clean text with metadata, made from %d input files.", t.Documents, m.Input.Files))
	d := obj(
		"@context", json.RawMessage(croissantContext),
		"@type", "sc:Dataset",
		"conformsTo", []string{"http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"},
		"name", cmp.Or(m.Name, "articles"),
		"description", description,
		"version", cmp.Or(r.Version, "0.0.0"),
		"license", croissantLicense(m.License, r.LicenseURL),
		"url", cmp.Or(r.URL, "urn:sha256:"+m.ContentSHA256),
		"creator", croissantCreators(r),
	)
	if r.DatePublished != "" {
		d.Set("datePublished", r.DatePublished)
	}
	d.Set("citeAs", cmp.Or(r.Citation, notStated))
	d.Set("isLiveDataset", false)
	if len(m.Language) > 0 {
		d.Set("inLanguage", m.Language)
	}
	d.Set("distribution", []object{
		obj("@type", "cr:FileObject", "@id", "repo", "name", "repo", "description", "the folder of the dataset",
			"contentUrl", ".", "encodingFormat", "git+https", "sha256", "main"),
		obj("@type", "cr:FileSet", "@id", "parquet-files", "name", "parquet-files", "description", "the shards of all splits",
			"containedIn", obj("@id", "repo"), "encodingFormat", "application/x-parquet", "includes", "data/*.parquet"),
	})
	d.Set("recordSet", []object{obj("@type", "cr:RecordSet", "@id", "documents", "name", "documents",
		"description", "one record for each article", "key", obj("@id", "documents/id"), "field", fields)})

	if t.Earliest != nil {
		d.Set("rai:dataCollectionTimeFrame", []string{t.Earliest.String(), t.Latest.String()})
	}
	d.Set("rai:dataCollection", cmp.Or(r.Collection, notStated))
	d.Set("rai:dataCollectionRawData", fmt.Sprintf("%d files of %d bytes; SHA-256 over their sorted paths, sizes and hashes: %s.",
		m.Input.Files, m.Input.Bytes, m.Input.SHA256))
	var missing []string
	for _, c := range t.Missing {
		if c.Documents > 0 {
			missing = append(missing, fmt.Sprintf("%s: %d of %d documents", c.Value, c.Documents, t.Documents))
		}
	}
	d.Set("rai:dataCollectionMissingData", strings.Join(missing, "; "))
	texts, documents := steps(m)
	d.Set("rai:dataPreprocessingProtocol", texts)
	o := m.Outcomes
	d.Set("rai:dataManipulationProtocol", append(documents,
		fmt.Sprintf("of %d units %d were kept; %d were duplicates, %d filtered, %d unreadable, %d no articles",
			o.Units, o.Kept, o.Duplicate, o.Filtered, o.Rejected, o.Skipped)))
	d.Set("rai:dataLimitations", cmp.Or(r.Limitations, notStated))
	d.Set("rai:dataBiases", cmp.Or(r.Biases, notStated))
	d.Set("rai:personalSensitiveInformation", cmp.Or(r.Sensitive, notStated))
	d.Set("rai:dataUseCases", cmp.Or(r.Uses, notStated))
	d.Set("rai:dataSocialImpact", cmp.Or(r.SocialImpact, notStated))
	d.Set("rai:dataReleaseMaintenancePlan", cmp.Or(r.Maintenance, notStated))
	if r.Synthetic != "" {
		d.Set("rai:hasSyntheticData", r.Synthetic == "yes")
	}
	d.Set("prov:wasDerivedFrom", obj("@id", "urn:sha256:"+m.Input.SHA256))
	d.Set("prov:wasGeneratedBy", fmt.Sprintf("%s %s", m.Tool.Name, m.Tool.Version))

	raw, err := d.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("encode croissant.json: %w", err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		return nil, fmt.Errorf("encode croissant.json: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// croissantLicense is the licence as Croissant 1.1 wants it: the address of a known one at SPDX, else what was stated.
func croissantLicense(stated, link string) string {
	if l, ok := licenseNamed(stated); ok {
		return "https://spdx.org/licenses/" + l.spdx
	}
	return cmp.Or(link, stated, notStated)
}

func croissantCreators(r Release) []object {
	var out []object
	for _, name := range names(r.Creator) {
		out = append(out, obj("@type", "Organization", "name", name))
	}
	for _, name := range names(r.Authors) {
		out = append(out, obj("@type", "Person", "name", name))
	}
	if out == nil {
		out = append(out, obj("@type", "Organization", "name", notStated))
	}
	return out
}
