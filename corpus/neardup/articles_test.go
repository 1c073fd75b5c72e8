package neardup

import "testing"

// TestLanguagesAndTemplates: the same article in other houses, addresses and scripts is one; what only shares a template,
// a series or a few words is not.
func TestLanguagesAndTemplates(t *testing.T) {
	type article struct{ title, host, text string }
	articles := map[string]article{
		"en1":  {"Northern bridge closed for repairs", "a.example", "The ministry of transport said on Tuesday that it would close the northern bridge for repairs after inspectors found cracks in two of its pillars. Traffic will be sent over the old road through the valley, which adds forty minutes to the journey. Shopkeepers on the market square fear for their trade and asked the council for help. The mayor promised a ferry for people on foot, but could not say when it would begin. Engineers from the university will measure the cracks every week and report to the public. The last great repair was done thirty years ago after a flood. A spokeswoman said that the costs were not known yet and that the state would bear the larger part of them. Farmers who bring milk to the dairy will be paid for the longer way."},
		"en2":  {"Bridge in the north shut after cracks are found", "b.example", "The ministry of transport said on Tuesday that it would close the northern bridge for repairs after inspectors found cracks in two of its pillars. Traffic will be sent over the old road through the valley, which adds forty minutes to the journey. Shopkeepers on the market square fear for their trade and asked the council for help. The mayor promised a ferry for people on foot, but could not say when it would begin. Engineers from the university will measure the cracks every week and report to the public. The last great repair was done thirty years ago after a flood. A spokeswoman said that the costs were not known yet and that the state would bear the larger part of them. Farmers who bring milk to the dairy will be paid for the longer way. In a statement the opposition asked for an inquiry."},
		"en3":  {"Northern bridge closed for repairs", "a.example", "The ministry of transport said on Tuesday that it would close the northern bridge for repairs after inspectors found cracks in two of its pillars. Traffic will be sent over the old road through the valley, which adds forty minutes to the journey. Shopkeepers on the market square fear for their trade and asked the council for help. The mayor promised a ferry for people on foot, but could not say when it would begin. Engineers from the university will measure the cracks every week and report to the public. The last great repair was done thirty years ago after a flood. A spokeswoman said that the costs were not known yet and that the state would bear the larger part of them. Farmers who bring milk to the dairy will be paid for the longer way."},
		"en4":  {"Northern bridge closed for repairs", "a.example", "The ministry of transport said on Tuesday that it would close the northern bridge for repairs after inspectors found cracks in two of its pillars. Traffic will be sent over the old road through the valley, which adds forty minutes to the journey. Shopkeepers on the market square fear for their trade and asked the council for help. The mayor promised a ferry for people on foot, but could not say when it would begin. Engineers from the university will measure the cracks every week and report to the public. The last great repair was done thirty years ago after a flood. A spokeswoman said that the costs were not known yet and that the state would bear the larger part of them. Farmers who bring milk to the dairy will be paid for the longer way."},
		"en5":  {"Northern bridge closed for repairs", "c.example", "The ministry of transport said on Tuesday that it would close the northern bridge for repairs after inspectors found cracks in two of its pillars. Traffic will be sent over the old road through the valley, which adds forty minutes to the journey. Shopkeepers on the market square fear for their trade and asked the council for help. Read more"},
		"ja1":  {"北の橋、修理のため閉鎖", "ja1.example", "国土交通省は火曜日、橋脚二本に亀裂が見つかったため、北の橋を修理のために閉鎖すると発表した。交通は谷を通る旧道に回され、所要時間は四十分長くなる。市場の商店主たちは売り上げの減少を心配し、市に支援を求めた。市長は歩行者のための渡し船を約束したが、いつ始まるかは言えなかった。大学の技術者が毎週亀裂を測り、結果を公表する。"},
		"ja2":  {"亀裂見つかり北の橋閉鎖", "ja2.example", "国土交通省は火曜日、橋脚二本に亀裂が見つかったため、北の橋を修理のために閉鎖すると発表した。交通は谷を通る旧道に回され、所要時間は四十分長くなる。市場の商店主たちは売り上げの減少を心配し、市に支援を求めた。市長は歩行者のための渡し船を約束したが、いつ始まるかは言えなかった。大学の技術者が毎週亀裂を測り、結果を公表する。（共同）"},
		"ko1":  {"북쪽 다리 보수 위해 폐쇄", "ko1.example", "국토교통부는 화요일 교각 두 개에서 균열이 발견되어 북쪽 다리를 보수하기 위해 폐쇄한다고 발표했다. 교통은 계곡을 지나는 옛길로 우회되며 소요 시간은 사십 분 늘어난다. 시장 상인들은 매출 감소를 걱정하며 시에 지원을 요청했다. 시장은 보행자를 위한 나룻배를 약속했지만 언제 시작할지는 말하지 못했다."},
		"ko2":  {"균열 발견돼 북쪽 다리 폐쇄", "ko2.example", "국토교통부는 화요일 교각 두 개에서 균열이 발견되어 북쪽 다리를 보수하기 위해 폐쇄한다고 발표했다. 교통은 계곡을 지나는 옛길로 우회되며 소요 시간은 사십 분 늘어난다. 시장 상인들은 매출 감소를 걱정하며 시에 지원을 요청했다. 시장은 보행자를 위한 나룻배를 약속했지만 언제 시작할지는 말하지 못했다."},
		"th1":  {"ปิดสะพานทางเหนือเพื่อซ่อมแซม", "th1.example", "กระทรวงคมนาคมแถลงเมื่อวันอังคารว่าจะปิดสะพานทางเหนือเพื่อซ่อมแซมหลังจากผู้ตรวจสอบพบรอยร้าวในเสาสองต้น การจราจรจะถูกเบี่ยงไปใช้ถนนสายเก่าผ่านหุบเขาซึ่งใช้เวลาเพิ่มขึ้นสี่สิบนาที เจ้าของร้านค้าในตลาดกังวลเรื่องรายได้และขอให้สภาเมืองช่วยเหลือ"},
		"th2":  {"พบรอยร้าว ปิดสะพานทางเหนือ", "th2.example", "กระทรวงคมนาคมแถลงเมื่อวันอังคารว่าจะปิดสะพานทางเหนือเพื่อซ่อมแซมหลังจากผู้ตรวจสอบพบรอยร้าวในเสาสองต้น การจราจรจะถูกเบี่ยงไปใช้ถนนสายเก่าผ่านหุบเขาซึ่งใช้เวลาเพิ่มขึ้นสี่สิบนาที เจ้าของร้านค้าในตลาดกังวลเรื่องรายได้และขอให้สภาเมืองช่วยเหลือ"},
		"zh1":  {"北桥发现裂缝关闭维修", "zh1.example", "交通部周二宣布，检查人员在两根桥墩上发现裂缝，北桥将关闭维修。车辆将改走穿过山谷的旧路，路程增加四十分钟。市场广场的店主担心生意受影响，请求市议会帮助。市长承诺为行人提供渡轮，但说不出何时开始。大学的工程师将每周测量裂缝并向公众报告。上一次大修是三十年前洪水之后。"},
		"zh2":  {"兩橋墩現裂痕 交通部封橋", "zh2.example", "交通部週二宣布，檢查人員在兩根橋墩上發現裂縫，北橋將關閉維修。車輛將改走穿過山谷的舊路，路程增加四十分鐘。市場廣場的店主擔心生意受影響，請求市議會幫助。市長承諾為行人提供渡輪，但說不出何時開始。大學的工程師將每週測量裂縫並向公眾報告。上一次大修是三十年前洪水之後。"},
		"wx0":  {"Weather for the coast", "w0.example", "Coastal forecast. The temperature reaches 12 degrees in the afternoon and falls to 5 at night. Wind from the west at 23 km/h with gusts of 42. Humidity 71 percent. Sunrise at 6:10, sunset at 19:40. The sea is at 10 degrees with waves of 0.5 metres. The next forecast follows in the evening. The forecast is made by the coastal service for fishermen and sailors."},
		"wx1":  {"Weather for the coast", "w1.example", "Coastal forecast. The temperature reaches 15 degrees in the afternoon and falls to 8 at night. Wind from the west at 8 km/h with gusts of 27. Humidity 64 percent. Sunrise at 6:13, sunset at 19:36. The sea is at 13 degrees with waves of 1.5 metres. The next forecast follows in the evening. The forecast is made by the coastal service for fishermen and sailors."},
		"wx2":  {"Weather for the coast", "w0.example", "Coastal forecast. The temperature reaches 9 degrees in the afternoon and falls to 2 at night. Wind from the west at 31 km/h with gusts of 50. Humidity 88 percent. Sunrise at 6:16, sunset at 19:32. The sea is at 7 degrees with waves of 2.5 metres. The next forecast follows in the evening. The forecast is made by the coastal service for fishermen and sailors."},
		"fx0":  {"Euro closes lower", "fx0.example", "The euro closed at 1.0812 dollars on Friday after opening at 1.0771. Against the pound it stood at 0.8571, against the yen at 160.2. Traders pointed to the decision of the central bank. The dollar index was at 103.4 points. Gold cost 2011 dollars an ounce and oil 81.2 dollars a barrel. Ten-year bonds yielded 4.21 percent. Volumes were below the average of the month."},
		"fx1":  {"Euro closes higher", "fx1.example", "The euro closed at 1.0934 dollars on Friday after opening at 1.0893. Against the pound it stood at 0.8402, against the yen at 163.9. Traders pointed to the decision of the central bank. The dollar index was at 101.5 points. Gold cost 2054 dollars an ounce and oil 74.9 dollars a barrel. Ten-year bonds yielded 4.03 percent. Volumes were below the average of the month."},
		"col0": {"Notes from the garden, part 3", "garden.example", "Welcome back to my notes from the garden, which appear here every second week and which you can also read by letter. Write to me with questions of your own. This time the roses: they want a sunny place, deep earth and water in the morning. Cut them in March above an eye that looks outward, and burn what is ill. This time the roses: they want a sunny place, deep earth and water in the morning. Cut them in March above an eye that looks outward, and burn what is ill. That is all for today. Until the next time, keep your tools clean."},
		"col1": {"Notes from the garden, part 4", "garden.example", "Welcome back to my notes from the garden, which appear here every second week and which you can also read by letter. Write to me with questions of your own. This time the pears: they want a wall that faces south, and the fruit must be thinned in June so that the rest grows large. Pick them before they are ripe. This time the pears: they want a wall that faces south, and the fruit must be thinned in June so that the rest grows large. Pick them before they are ripe. That is all for today. Until the next time, keep your tools clean."},
		"de1":  {"Nordbrücke gesperrt", "a.example", "Das Verkehrsministerium teilte am Dienstag mit, die Nordbrücke werde für Reparaturen gesperrt, nachdem Prüfer in zwei Pfeilern Risse gefunden hatten. Der Verkehr werde über die alte Straße durch das Tal geleitet, was die Fahrt um vierzig Minuten verlängere."},
		"sh1":  {"Short notice", "s1.example", "Closed today."},
		"sh2":  {"Short notice", "s2.example", "Closed today."},
		"sh3":  {"Another notice", "s3.example", "Closed today."},
	}
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"en1", "en2", true},  // another headline and a paragraph more
		{"en1", "en3", false}, // a short text at two addresses of one host says nothing, whatever its title
		{"en1", "en5", true},  // the beginning, under the same headline
		{"ja1", "ja2", true},
		{"ko1", "ko2", true},
		{"th1", "th2", true},
		{"zh1", "zh2", true}, // Simplified and Traditional
		{"sh1", "sh2", true},
		{"sh1", "sh3", false}, // two words, under another title
		{"wx0", "wx1", false},
		{"wx0", "wx2", false},
		{"fx0", "fx1", false},
		{"col0", "col1", false},
		{"en1", "de1", false}, // a translation
	} {
		set := func(name string) *Set {
			a := articles[name]
			return NewSet(a.title, a.text, key16(name), a.host)
		}
		if got := Compare(set(c.a), set(c.b)); got.Same != c.same {
			t.Errorf("%s and %s: %+v", c.a, c.b, got)
		}
	}
}
