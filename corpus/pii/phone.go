package pii

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A telephone number has at most 15 digits with its country: ITU-T E.164, section 6.
const (
	maxDigits = 15
	minDigits = 7
	maxNumber = 48 // bytes of a number with its marks
)

// Words before a number that make it a telephone number, in lower case.
var phoneWords = []string{
	"tel", "tél", "telephone", "téléphone", "telefon", "telefono", "teléfono", "telefone", "telefoon", "phone", "mobile", "mobil", "handy", "cell",
	"fax", "call", "hotline", "whatsapp", "whats app", "portable", "móvil", "celular", "cellulare", "ruf", "rufnummer", "contact",
	"тел", "телефон", "факс", "моб", "τηλ",
	"电话", "電話", "手机", "手機", "传真", "傳真", "热线", "熱線", "致电", "致電", "拨打", "撥打", "专线", "專線", "来电", "來電", "座机", "微信", "联系方式", "☎", "📞", "☏",
	"ファクス", "ファックス", "連絡先", "お問い合わせ", "問い合わせ", "フリーダイヤル", "携帯",
	"전화", "연락처", "팩스", "휴대폰", "핸드폰", "문의", "콜센터",
}

// Words before a number that say that it is something else.
var otherWords = []string{
	"isbn", "issn", "doi", "order", "invoice", "tracking", "serial", "version", "account", "iban", "vat", "patent", "ticket", "bug", "case", "qq", "id", "uid", "no.", "sku", "ean", "upc", "imei", "order no",
	"订单", "訂單", "单号", "單號", "编号", "編號", "账号", "帐号", "帳號", "卡号", "卡號", "序号", "流水", "身份证", "身份證", "统一社会信用", "注文番号", "注文", "口座", "会員番号", "주문", "계좌", "bestellnummer", "commande", "pedido", "заказ", "инн", "огрн",
}

// number is a run of groups of digits with marks between them, as they are written in telephone numbers.
type number struct {
	plus   bool
	groups [10]group
	n      int
}

type group struct {
	from, to int  // in the text
	mark     byte // before it: ' ' for any space, '(' where it is in parentheses, else the mark itself; 0 before the first
	closed   bool // a parenthesis closes after it
}

// read reads the number that begins at i.
func (n *number) read(t string, i int) {
	end := min(len(t), i+maxNumber)
	mark := byte(0)
	if t[i] == '+' {
		n.plus = true
		i++
	}
	if i < end && t[i] == '(' {
		mark = '('
		i++
	}
	digits := 0
	for i < end && n.n < len(n.groups) {
		g := group{from: i, mark: mark}
		for i < end && isDigit(t[i]) {
			i++
		}
		if g.to = i; g.to == g.from {
			return
		}
		if digits += g.to - g.from; digits > maxDigits {
			return
		}
		mark = 0
		if i < end && t[i] == ')' && slices.ContainsFunc(append([]group{g}, n.groups[:n.n]...), func(g group) bool { return g.mark == '(' }) {
			g.closed = true
			i++
			mark = ' '
		}
		n.groups[n.n] = g
		n.n++
		// One mark, with spaces around it, or an opening parenthesis after a space.
		for spaces := 0; i < end; {
			c, size := utf8.DecodeRuneInString(t[i:])
			switch c {
			case ' ', '\u00a0', '\u202f', '\u2009':
				if spaces++; spaces > 2 {
					return
				}
				if mark == 0 {
					mark = ' '
				}
			case '-', '\u2010', '\u2011', '\u2013', '.', '/':
				if mark != 0 && mark != ' ' {
					return
				}
				if mark = '-'; c == '.' || c == '/' {
					mark = byte(c)
				}
			case '(':
				if mark == '(' {
					return
				}
				mark = '('
			default:
				goto next
			}
			i += size
		}
	next:
		if mark == 0 {
			return
		}
	}
}

// shape is the number of digits of the first groups, as 3-3-4.
func (n *number) shape(k int, want ...int) bool {
	if k != len(want) {
		return false
	}
	for i, w := range want {
		if n.groups[i].to-n.groups[i].from != w {
			return false
		}
	}
	return true
}

// phone finds the telephone number that begins at i with a digit, a plus sign or a parenthesis.
func (s *scanner) phone(i int) (to int, ok bool) {
	t := s.text
	if s.touches(i) || !phoneMayFollow(t, i) {
		return 0, false
	}
	var n number
	n.read(t, i)
	if n.n == 0 {
		return 0, false
	}
	var digits [maxDigits]byte
	var counts [10]int
	all := 0
	for k := range n.n {
		for j := n.groups[k].from; j < n.groups[k].to && all < maxDigits; j++ {
			digits[all] = t[j]
			all++
		}
		counts[k] = all
	}
	if all < minDigits {
		return 0, false
	}
	w, looked := "", false
	words := func() string {
		if !looked {
			w, looked = s.before(i), true
		}
		return w
	}
	for k := n.n; k > 0 && counts[k-1] >= minDigits; k-- {
		g := n.groups[k-1]
		to = g.to
		if g.closed {
			to++
		}
		if !phoneMayEnd(t, to) || slices.ContainsFunc(n.groups[:k], func(g group) bool { return g.mark == '(' }) != slices.ContainsFunc(n.groups[:k], func(g group) bool { return g.closed }) {
			continue
		}
		d := string(digits[:counts[k-1]])
		switch {
		case n.plus:
			if international(d) && !n.decimal(t, k) && !hasWord(words(), otherWords) {
				return to, true
			}
		case n.national(t, d, k) && !hasWord(words(), otherWords):
			return to, true
		case n.plausible(t, d, k) && (s.afterPhone(i) || hasWord(words(), phoneWords)) && !hasWord(words(), otherWords):
			return to, true
		}
	}
	return 0, false
}

// phoneMayFollow holds where a number may begin at i: not within a word, a larger number, an address or a price.
func phoneMayFollow(t string, i int) bool {
	if i == 0 {
		return true
	}
	c := t[i-1]
	if c < 0x80 {
		return !isAlnum(c) && strings.IndexByte("_-.,/=#$%&@+*^~\\", c) < 0 || c == '.' && i > 1 && !isDigit(t[i-2]) && t[i-2] != '>' && t[i] != '('
	}
	r, _ := utf8.DecodeLastRuneInString(t[:i])
	return !strings.ContainsRune("€£¥￥₩₽№×–−·", r)
}

// phoneMayEnd holds where a number may end at i.
func phoneMayEnd(t string, i int) bool {
	if i == len(t) {
		return true
	}
	if alnumAt(t, i) || strings.IndexByte("%@°$=", t[i]) >= 0 {
		return false
	}
	if i+1 < len(t) && strings.IndexByte(".,:-/", t[i]) >= 0 && isDigit(t[i+1]) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(t[i:])
	return !strings.ContainsRune("元円원€£¥￥₩₽℃％°年月日号万亿億人名个個件", r)
}

// afterPhone holds where nothing but marks stands between i and a telephone number that was masked.
func (s *scanner) afterPhone(i int) bool {
	from := max(0, i-8, s.to)
	gap := strings.TrimRight(s.text[from:i], " ,;/|、，；(（\u00a0")
	if s.to > 0 && s.kind == Phone && from == s.to && gap == "" {
		return true
	}
	return strings.HasSuffix(s.text[:from+len(gap)], masks[Phone])
}

// decimal holds for what is a number with a sign, as a coordinate or a change: one point alone, or groups of three
// zeros.
func (n *number) decimal(t string, k int) bool {
	last := t[n.groups[k-1].from:n.groups[k-1].to]
	return k == 2 && n.groups[1].mark == '.' || last == "000"
}

// international holds for a number after a plus sign: a country code that is given out (ITU-T E.164, list of 2023) and a
// length that the country has, where that is fixed, else of 8 to 15 digits.
func international(d string) bool {
	size := len(d)
	switch d[0] {
	case '0':
		return false
	case '1':
		return size == 11 && d[1] >= '2' && d[4] >= '2'
	case '7':
		return size == 11
	}
	switch d[:2] {
	case "86":
		return size >= 11 && size <= 13
	case "81", "82":
		return size >= 10 && size <= 12
	case "20", "27", "28", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51", "52", "53", "54",
		"55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "84", "90", "91", "92", "93", "94", "95", "98":
		return size >= 9
	}
	switch d[:2] {
	case "21", "22", "23", "24", "25", "26", "29", "35", "37", "38", "42", "50", "59", "67", "68", "69", "80", "85", "87", "88", "96", "97", "99":
		return size >= 8+2
	}
	return false
}

// national holds for numbers whose form alone says what they are.
func (n *number) national(t, d string, k int) bool {
	mark := func(i int) byte { return n.groups[i].mark }
	switch {
	// China: a mobile number, with the prefixes given out (MIIT numbering plan), whole or as 138-1234-5678.
	case len(d) == 11 && d[0] == '1' && d[1] >= '3' && (k == 1 || n.shape(k, 3, 4, 4)):
		switch d[1] {
		case '3', '8', '9':
			return k > 1 || !uniform(d[2:])
		case '4':
			return d[2] >= '5'
		case '5':
			return d[2] != '4'
		case '6':
			return d[2] == '2' || d[2] >= '5' && d[2] <= '7'
		}
		return d[2] <= '8'
	// Japan: mobile and internet telephones, 090-1234-5678.
	case n.shape(k, 3, 4, 4) && (d[:3] == "090" || d[:3] == "080" || d[:3] == "070" || d[:3] == "050"):
		return mark(1) == '-' || mark(1) == ' '
	// Korea: mobile numbers, 010-1234-5678.
	case d[:2] == "01" && strings.IndexByte("016789", d[2]) >= 0 && (n.shape(k, 3, 4, 4) || n.shape(k, 3, 3, 4)):
		return mark(1) == '-' || mark(1) == '.' || mark(1) == ' '
	// North America, 212-555-0123, (212) 555-0123, 1-800-555-0123: the numbering plan's [2-9]XX for area and office.
	case n.shape(k, 3, 3, 4) && mark(1) != '/':
		return d[0] >= '2' && d[3] >= '2' && (mark(0) == '(' || mark(1) == '-' && mark(2) == '-' || mark(1) == '.' && mark(2) == '.')
	case n.shape(k, 1, 3, 3, 4) && d[0] == '1':
		return d[1] >= '2' && d[4] >= '2' && mark(1) != '/' && mark(3) == '-'
	// Russia: 8 (495) 123-45-67.
	case n.shape(k, 1, 3, 3, 2, 2) && d[0] == '8':
		return mark(1) == '(' && mark(3) == '-' && mark(4) == '-'
	}
	return false
}

// uniform holds where all digits are one.
func uniform(d string) bool { return strings.Count(d, d[:1]) == len(d) }

// plausible holds for what may be a telephone number where a word says so: no date, no span of years, no sum.
func (n *number) plausible(t, d string, k int) bool {
	if uniform(d) || len(d) > 13 {
		return false
	}
	switch {
	case k == 4 && n.groups[1].mark == '.' && n.groups[2].mark == '.' && n.groups[3].mark == '.' && len(d) <= 12 && n.groups[3].to-n.groups[3].from <= 3:
		return false // an address of a network
	case n.shape(k, 4, 2, 2), n.shape(k, 4, 1, 2), n.shape(k, 4, 2, 1):
		return false // 2024-01-05
	case n.shape(k, 2, 2, 4) && n.groups[1].mark != ' ':
		return false // 05.01.2024
	case n.shape(k, 4, 4) && year(d[:4]) && year(d[4:]):
		return false // 1998-2003
	case k == 1 && len(d) == 8 && year(d[:4]) && d[4] <= '1' && d[6] <= '3':
		return false // 20240105
	}
	three := k > 1
	for i := 1; i < k; i++ {
		if n.groups[i].to-n.groups[i].from != 3 || n.groups[i].mark == '-' {
			three = false
		}
	}
	if three && n.groups[0].to-n.groups[0].from <= 3 && d[0] != '0' && k <= 3 && (len(d) != 9 || strings.HasSuffix(d, "000")) {
		return false // 12 500 000; nine digits in threes are how numbers of Spain and Poland are written
	}
	return k > 1 || len(d) >= 7
}

func year(d string) bool { return d >= "1800" && d <= "2100" }
