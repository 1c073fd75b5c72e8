package htmltext

import "regexp"

// The phrases by which short blocks are known for what they are, folded: letters and digits in lower case. Each list is
// in the languages of the sources read most: English, Chinese in both scripts, Japanese, Korean, French, German, Spanish,
// Portuguese, Italian, Russian, Arabic, Vietnamese, Indonesian, Turkish.

// labels stand before links or boxes that are not of the article. The block goes, and with it the blocks behind it that
// are nothing but links.
var labels = folded(
	"share", "share this", "share this article", "share this post", "share on", "share via", "like this", "loading",
	"related", "related articles", "related posts", "related stories", "related topics", "related news", "read also",
	"read more", "more stories", "more on this story", "more from", "recommended", "recommended for you", "you may also like",
	"you might also like", "see also", "also read", "tags", "tagged", "topics", "filed under", "keywords", "categories", "posted in",
	"comments", "leave a comment", "leave a reply", "reply", "log in to reply", "follow us", "follow us on", "newsletter",
	"most read", "most popular", "trending", "advertisement", "sponsored", "subscribe", "sign up", "sources and related",
	"embed", "嵌入", "更多相关内容", "更多相關內容", "热读", "熱讀", "编辑推荐", "編輯推薦", "请同时参阅", "請同時參閱", "也请看", "也請看", "另请参阅", "另請參閱", "阅读更多", "閱讀更多",
	"获取更多rss", "分享", "分享到", "分享至", "共享", "共享此文章", "分享此文", "分享文章", "转发", "点赞", "赞过", "赞", "赞正在加载", "正在加载", "相关", "相关文章", "相关阅读",
	"相关新闻", "相关报道", "相关内容", "相关主题", "延伸阅读", "推荐阅读", "更多阅读", "更多新闻", "您可能感兴趣的文章", "您可能感兴趣", "你可能感兴趣", "你可能感兴趣的文章", "猜你喜欢",
	"热门文章", "最新文章", "标签", "标签云", "关键词", "关键字", "评论", "发表评论", "添加新评论", "回复", "登录以发表评论", "永久连接", "永久链接", "上一篇", "下一篇", "获取更多rss",
	"關注我們", "关注我们", "訂閱", "订阅", "广告", "廣告", "冒个泡吧",
	"分享文章", "分享此文", "相關", "相關文章", "相關新聞", "相關報導", "延伸閱讀", "推薦閱讀", "更多新聞", "您可能感興趣的文章", "你可能感興趣", "猜你喜歡", "熱門文章", "標籤",
	"關鍵字", "關鍵詞", "評論", "發表評論", "留言", "回覆", "永久連結",
	"シェア", "シェアする", "関連記事", "関連", "関連リンク", "あわせて読みたい", "おすすめ記事", "タグ", "コメント", "コメントする", "ツイート", "フォローする", "広告",
	"공유", "공유하기", "관련기사", "관련 기사", "추천기사", "태그", "댓글", "구독", "광고",
	"partager", "partager cet article", "articles liés", "à lire aussi", "lire aussi", "sur le même sujet", "mots-clés", "commentaires", "publicité",
	"teilen", "artikel teilen", "mehr zum thema", "ähnliche artikel", "lesen sie auch", "schlagwörter", "kommentare", "anzeige",
	"compartir", "comparte", "artículos relacionados", "noticias relacionadas", "te puede interesar", "lea también", "etiquetas", "comentarios", "publicidad",
	"compartilhar", "compartilhe", "leia também", "leia mais", "notícias relacionadas", "comentários", "publicidade",
	"condividi", "leggi anche", "articoli correlati", "commenti", "pubblicità",
	"поделиться", "читайте также", "похожие статьи", "по теме", "теги", "метки", "комментарии", "реклама",
	"شارك", "مشاركة", "مقالات ذات صلة", "اقرأ أيضا", "وسوم", "تعليقات", "إعلان",
	"chia sẻ", "tin liên quan", "bài viết liên quan", "xem thêm", "bình luận", "quảng cáo",
	"bagikan", "baca juga", "artikel terkait", "berita terkait", "komentar", "iklan",
	"paylaş", "ilgili haberler", "benzer haberler", "etiketler", "yorumlar", "reklam",
)

// lines are whole blocks that say something about the page and nothing about its subject: they begin with one of these.
var lines = []string{
	"your browser does not support", "this browser does not support", "your device does not support", "please enable javascript", "javascript is disabled",
	"click to share on", "click to print", "click to email", "opens in new window", "please enter a valid email",
	"点击以在", "点击分享", "点击打印", "赞正在加载", "你的器材不支持", "您的设备不支持", "您的浏览器不支持", "你的浏览器不支持", "您的瀏覽器不支援", "你的瀏覽器不支援",
	"訂閱《", "訂閱電子報", "請輸入正確的電子", "感謝您的訂閱", "订阅《", "订阅电子报", "请输入正确的电子", "感谢您的订阅", "本網站之文字", "本网站之文字", "获取更多rss",
	"請繼續往下閱讀", "请继续往下阅读", "お使いのブラウザ", "votre navigateur ne", "ihr browser unterstützt", "su navegador no", "seu navegador não", "il tuo browser non", "ваш браузер не",
}

// edgeLines are such blocks among the first or the last of the text; elsewhere the same words may begin a sentence of it.
var edgeLines = []string{
	"continue reading", "read the full", "read the rest of", "read more at", "read more on", "view comments", "view entire post", "sign up for our", "sign up for the", "sign up to receive", "subscribe to our",
	"subscribe now", "thank you for subscribing", "thanks for reading", "download our app", "follow us on", "all rights reserved", "copyright ©", "copyright 20", "© ", "©20",
	"article url:", "comments url:", "points: ", "# comments:", "this post is for paid", "buy me a coffee",
	"点击查看", "更多内容请关注", "欢迎关注", "欢迎订阅", "欢迎扫描", "扫描二维码", "扫码关注", "长按二维码", "长按识别", "微信搜索", "请关注", "下载本站", "版权声明", "版权所有", "转载请注明",
	"更多內容請關注", "歡迎關注", "歡迎訂閱", "掃描二維碼", "掃碼關注", "版權聲明", "版權所有", "轉載請註明", "訂閱我", "订阅我",
	"続きを読む", "この記事をシェア", "무단 전재", "무단전재", "계속 읽기", "더 읽기",
	"lire la suite", "tous droits réservés", "weiterlesen", "alle rechte vorbehalten", "seguir leyendo", "todos los derechos", "continue lendo", "continua a leggere", "читать далее", "все права защищены",
}

// notices are the words of short blocks, among the first or the last, about the rights in the page, who may read it, and
// what it costs. All words of a group must be there, for one alone may be what the article is about; the first of them
// stands near the start of the block.
var notices = [][]string{
	// Rights.
	{"版权声明"}, {"版權聲明"}, {"版权所有"}, {"版權所有"}, {"不得转载"}, {"不得轉載"}, {"禁止转载"}, {"禁止轉載"}, {"谢绝转载"}, {"謝絕轉載"}, {"擅自使用", "版"},
	{"未经", "转载"}, {"未經", "轉載"}, {"未经", "复制"}, {"未經", "複製"}, {"非經授權"}, {"无断转载"}, {"無断転載"}, {"無断複製"}, {"無断引用"}, {"著作権", "帰属"},
	{"무단 전재"}, {"무단전재"}, {"저작권자"}, {"all rights reserved"}, {"may not be", "reproduced"}, {"may not be", "republished"}, {"reproduction", "prohibited"}, {"without", "permission", "reproduc"},
	{"tous droits réservés"}, {"reproduction", "interdite"}, {"alle rechte vorbehalten"}, {"todos los derechos reservados"}, {"prohibida", "reproducción"},
	{"todos os direitos reservados"}, {"proibida", "reprodução"}, {"tutti i diritti riservati"}, {"riproduzione riservata"}, {"все права защищены"}, {"при перепечатке", "ссылка"},
	{"tüm hakları saklıdır"}, {"جميع الحقوق محفوظة"}, {"hak cipta dilindungi"}, {"ghi rõ nguồn"},
	// Who may read on.
	{"you’ve hit the wall"}, {"you've hit the wall"}, {"subscribe", "to continue reading"}, {"subscribe", "to keep reading"}, {"subscribe", "read the full"}, {"log in", "to continue reading"}, {"sign in", "to continue reading"},
	{"already a subscriber"}, {"for subscribers only"}, {"available to subscribers"}, {"only available to", "subscribers"}, {"your free articles"}, {"free articles", "remaining"}, {"this is a free preview"},
	{"订阅", "阅读全文"}, {"订阅", "继续阅读"}, {"登录", "继续阅读"}, {"登录", "阅读全文"}, {"会员", "阅读全文"}, {"付费", "阅读全文"}, {"本文为付费"}, {"此内容为付费"},
	{"訂閱", "閱讀全文"}, {"訂閱", "繼續閱讀"}, {"登入", "繼續閱讀"}, {"登入", "閱讀全文"}, {"會員", "閱讀全文"}, {"付費", "閱讀全文"}, {"本文為付費"},
	{"有料会員", "限定"}, {"会員限定"}, {"この記事は有料"}, {"残り", "文字", "会員"}, {"ログイン", "続き"}, {"유료회원", "전용"}, {"유료 회원", "전용"}, {"로그인", "계속 읽"}, {"구독", "전문을"},
	{"réservé aux abonnés"}, {"réservée aux abonnés"}, {"il vous reste", "à lire"}, {"nur für abonnenten"}, {"exclusivo para suscriptores"}, {"solo para suscriptores"}, {"exclusivo para assinantes"},
	{"só para assinantes"}, {"riservato agli abbonati"}, {"только подписчикам"}, {"только для подписчиков"}, {"abonelere özel"},
	// What is asked of readers.
	{"欢迎搜寻"}, {"歡迎搜尋"}, {"空白电子邮件"}, {"简报", "邮箱"}, {"電子報", "信箱"}, {"newsletter", "inbox"}, {"newsletter", "sign up"}, {"newsletter", "subscribe"}, {"跳过", "继续阅读"}, {"跳過", "繼續閱讀"}, {"skip ", "and continue reading"},
	{"reader-supported publication"}, {"support our journalism"}, {"support independent journalism"}, {"consider making a donation"}, {"support us on patreon"}, {"support me on patreon"}, {"feel free to share it"},
	{"捐款", "支持我们"}, {"捐助", "支持我们"}, {"捐赠", "支持我们"}, {"赞助", "支持我们"}, {"捐款", "支持我們"}, {"捐助", "支持我們"}, {"捐贈", "支持我們"}, {"贊助", "支持我們"},
	{"捐助通道"}, {"捐款通道"}, {"请我喝杯咖啡"}, {"請我喝杯咖啡"},
}

// syndicated are the words by which feeds say at the end of an item where it is from; the block has links. Most are what
// the feeds of WordPress say in its translations.
var syndicated = [][]string{
	{"the post ", "appeared first on"}, {"originally published", "on medium"}, {"submitted by", "[link]", "[comments]"}, {"this entry was posted", "bookmark"},
	{"首先出现在"}, {"最先出现在"}, {"最早出现于"}, {"首先出現在"}, {"最先出現在"}, {"投稿", "最初に", "表示され"}, {"投稿", "最初に", "登場"}, {"글", "처음 등장"}, {"먼저 등장했습니다"},
	{"der beitrag", "erschien zuerst"}, {"est apparu en premier sur"}, {"la entrada", "se publicó primero"}, {"apareció primero en"}, {"apareceu primeiro em"}, {"l’articolo", "proviene da"}, {"l'articolo", "proviene da"},
	{"sembra essere il primo su"}, {"verscheen eerst op"}, {"pojawił się poniżej"}, {"pochodzi z serwisu"}, {"появились сначала на"}, {"впервые появилась"}, {"спочатку з"}, {"ilk önce", "ortaya çıktı"},
	{"xuất hiện đầu tiên"}, {"muncul pertama kali di"}, {"pertama tampil pada"}, {"dök först upp på"}, {"se nejdříve objevil na"}, {"blev vist først på"}, {"ظهرت أولاً على"}, {"ilmestyi ensin"},
}

// dateStarts begin a line behind the text that says when it appeared.
var dateStarts = []string{
	"published", "posted", "updated", "last updated", "last modified", "first published", "发布", "發布", "发表于", "發表於", "更新", "最后更新", "最後更新", "刊登", "編輯時間", "提交",
	"公開日", "投稿日", "更新日", "掲載", "입력", "수정", "등록", "publié le", "mis à jour", "veröffentlicht", "aktualisiert", "publicado", "actualizado", "atualizado", "pubblicato", "aggiornato",
	"опубликовано", "обновлено", "yayın", "güncelleme", "نشر", "diterbitkan", "đăng",
}

// readingTime is how long it takes to read the article.
var readingTime = regexp.MustCompile(`^(?:(?:reading time|read time|阅读时间|閱讀時間|阅读时长|预计阅读|預計閱讀|読了時間|lesezeit|temps de lecture|tiempo de lectura|tempo di lettura|tempo de leitura|время чтения|okuma süresi)[\s:：]*(?:约|約|≈|~|ca\.)?\s*[0-9]{1,3}\s*(?:min(?:ute|uten|utes|uti|utos)?s?\.?|分钟|分鐘|分|分間|минут[аы]?|мин\.?|dk\.?)|` +
	`(?:约|約|≈|~|全文约|全文約)?\s*[0-9]{1,3}\s*(?:-\s*)?(?:min(?:ute|uten|utes|uti|utos)?s?\.?\s*(?:read|de lecture|lesezeit|de lectura|di lettura|de leitura|lesen)|分钟阅读|分鐘閱讀|分钟读完|分鐘讀完|分で読め(?:る|ます)|분 읽기|мин(?:ут[аы]?|\.)? чтения|dk\.? okuma|phút đọc|menit (?:mem)?baca))$`)

// bareMinutes is how long it takes without saying that it is about reading, as some sites set it above a text.
var bareMinutes = regexp.MustCompile(`^[0-9]{1,2}\s?(?:分钟|分鐘|min\.?|mins|minutes?)$`)

// relatedStarts begin a line that a site puts into an article to lead to another one. What authors recommend to their
// readers begins in other ways, such as 延伸阅读, and is theirs.
var relatedStarts = []string{
	"Read more", "READ MORE", "Read also", "READ ALSO", "Also read", "ALSO READ", "阅读更多", "閱讀更多", "也请看", "也請看", "あわせて読みたい", "관련기사", "Lire aussi", "À lire aussi", "Lea también", "Leia também", "Leia mais",
	"Leggi anche", "Lesen Sie auch", "Читайте также", "Baca juga", "Xem thêm",
}

// playerLines begin what only a player of sound or video says.
var playerLines = []string{
	"the code has been copied", "the url has been copied", "no media source currently available", "该代码已经复制", "该代码已复制", "url已经复制", "url已复制", "該代碼已經複製", "url已經複製", "没有媒体可用资源", "沒有媒體可用資源",
	"код скопирован", "url скопирован", "скопировано в буфер", "aucune source média", "no hay fuente de medios", "nenhuma fonte de mídia",
}

// byline is a line in Chinese that gives a role, a stroke or colon, and names. A reporter and a colon begin a question in
// an interview, too, and are none.
var byline = regexp.MustCompile(`^(?:特约|特約|本报|本報|实习|實習)?(?:(?:作者|文|撰文|撰稿|编辑|編輯|责编|責編|责任编辑|責任編輯|翻译|翻譯|译者|譯者|编译|編譯|校对|校對|主编|主編|监制|監製|排版|审校|審校)\s*[丨|｜︱∣/／:：]|(?:采写|採寫|采访|採訪|记者|記者|摄影|攝影|整理|设计|設計)\s*[丨|｜︱∣/／])\s*[^。！？!?，,\n]{1,40}$|^(?:作者|Author|Role|发自|發自|Reporting from)[,，]\s*[^。！？!?，,\n]{1,40}$`)

// bylineHeads are the characters that a byline may begin with.
const bylineHeads = "特本实實作文撰编編责責翻译譯校主监監排审審采採记記摄攝整设設发發AR"

// credits begin a line that only says whose picture is above it.
var credits = []string{
	"photo:", "photo by", "photos:", "photograph by", "photographer:", "photograph:", "image:", "image by", "image credit", "picture:", "source: getty", "credit:", "illustration:", "illustration by",
	"图：", "图:", "图片：", "图片:", "图片来源", "圖：", "圖:", "圖片：", "圖片來源", "图像来源", "圖像來源", "图源", "摄影：", "攝影：", "摄影:", "攝影:", "照片来源", "照片：", "写真：", "写真提供", "사진:", "사진=", "사진 제공",
	"foto:", "photo :", "crédit", "crédito", "fotografía:", "bild:", "фото:",
}

// creditEnds end one.
var creditEnds = []string{"getty images", "afp", "associated press", "reuters", "shutterstock", "unsplash", "flickr", "wikimedia commons", "图片社", "美联社图片", "路透社图片"}

// takenBy ends one in Chinese: a name, or an agency, and "photographed". What was "filmed" or "photographed with" is none.
var takenBy = regexp.MustCompile(`(?:^|[\s（(/／：:、])[^\s。！？，,拍]{2,16}\s?[摄攝]$`)

// placeholders are what stands where a text was to come, when it is all there is.
var placeholders = folded(
	"test", "testing", "test post", "content here", "text here", "your text here", "description", "no description", "youtube livestream description", "live stream description", "untitled", "lorem ipsum",
	"null", "undefined", "none", "n/a", "todo", "tbd", "removed", "deleted", "测试", "測試", "测试文章", "無內容", "无内容", "テスト", "테스트", "prueba", "тест",
)

// captionMarks stand before the caption of a picture or a recording, for those who do not see it.
var captionMarks = []string{
	"image caption,", "media caption,", "video caption,", "图像加注文字，", "圖像加註文字，", "影像加注文字，", "影像加註文字，", "视频加注文字，", "影片加註文字，", "音频加注文字，", "视频说明，", "影片說明，",
	"画像説明,", "画像説明、", "動画説明,", "동영상 설명,", "사진 설명,", "légende image,", "pie de foto,", "legenda da foto,", "подпись к фото,", "підпис до фото,", "keterangan gambar,", "chú thích hình ảnh,", "fotoğraf altı yazısı,",
}

// bylineStarts begin a line at the head of a text that only says who wrote it.
var bylineStarts = []string{
	"written by", "words by", "author:", "reporter:", "文/", "文／", "文|", "文丨", "文：", "作者/", "作者／", "作者：", "作者:", "作者丨", "作者|", "撰文", "采写", "採寫", "记者：", "記者：", "编辑：", "編輯：", "责编", "責編",
	"翻译：", "譯者：", "译者：", "来源：", "來源：", "автор:",
}

// byNames begin one when names follow.
var byNames = []string{"by ", "par ", "von ", "por ", "di ", "door "}

// The lists of beginnings, for looking up.
var (
	lineBeginnings   = startsOf(lines)
	edgeBeginnings   = startsOf(edgeLines)
	creditBeginnings = startsOf(credits)
	dateBeginnings   = startsOf(dateStarts)
	bylineBeginnings = startsOf(bylineStarts)
	nameBeginnings   = startsOf(byNames)
	playerBeginnings = startsOf(playerLines)
	noticeWords      = groupsOf(notices)
)

func folded(list ...string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, s := range list {
		m[string(fold(nil, s))] = true
	}
	return m
}
