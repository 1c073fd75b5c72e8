package htmltext

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
	"click to share on", "click to print", "click to email", "continue reading", "read the full", "read the rest of", "view comments", "opens in new window",
	"sign up for our", "subscribe to our", "thank you for subscribing", "please enter a valid email", "download our app", "follow us on", "all rights reserved",
	"点击以在", "点击分享", "点击打印", "赞正在加载", "你的器材不支持", "您的设备不支持", "您的浏览器不支持", "你的浏览器不支持", "您的瀏覽器不支援", "你的瀏覽器不支援", "未经授权", "版权声明", "版权所有", "转载请注明",
	"訂閱", "請輸入正確的電子", "感謝您的訂閱", "请输入正确的电子", "感谢您的订阅", "未經授權", "版權聲明", "版權所有", "本網站之文字", "更多内容请关注", "欢迎关注", "扫描二维码", "扫码关注", "长按二维码", "微信搜索",
	"获取更多rss", "お使いのブラウザ", "続きを読む", "この記事をシェア", "무단 전재", "무단전재", "계속 읽기",
	"lire la suite", "votre navigateur ne", "tous droits réservés", "ihr browser unterstützt", "weiterlesen", "alle rechte vorbehalten",
	"su navegador no", "seguir leyendo", "todos los derechos", "seu navegador não", "continue lendo", "il tuo browser non", "continua a leggere",
	"ваш браузер не", "читать далее", "все права защищены",
}

// notices stand anywhere in a short block about the rights in the page.
var notices = []string{
	"版权声明", "未经授权", "未經授權", "不得转载", "不得轉載", "擅自使用", "版权所有", "版權所有", "著作権", "無断転載", "무단 전재", "무단전재", "저작권자",
	"all rights reserved", "tous droits réservés", "alle rechte vorbehalten", "todos los derechos reservados", "todos os direitos reservados", "все права защищены", "tüm hakları saklıdır",
}

// credits begin a line that only says whose picture is above it.
var credits = []string{
	"photo:", "photo by", "photos:", "photograph by", "photographer:", "photograph:", "image:", "image by", "image credit", "picture:", "source: getty", "credit:", "illustration:", "illustration by",
	"图：", "图:", "图片：", "图片:", "图片来源", "圖：", "圖:", "圖片：", "圖片來源", "图像来源", "圖像來源", "图源", "摄影：", "攝影：", "摄影:", "攝影:", "照片来源", "照片：", "写真：", "写真提供", "사진:", "사진=", "사진 제공",
	"foto:", "photo :", "crédit", "crédito", "fotografía:", "bild:", "фото:",
}

// creditEnds end one.
var creditEnds = []string{"getty images", "afp", "associated press", "reuters", "shutterstock", "unsplash", "flickr", "wikimedia commons", "摄", "攝", "图片社", "美联社图片", "路透社图片"}

// bylineStarts begin a line at the head of a text that only says who wrote it.
var bylineStarts = []string{
	"by ", "written by", "words by", "author:", "reporter:", "文/", "文／", "文|", "文丨", "文：", "作者/", "作者／", "作者：", "作者:", "作者丨", "作者|", "撰文", "采写", "採寫", "记者：", "記者：", "编辑：", "編輯：", "责编", "責編",
	"翻译：", "譯者：", "译者：", "来源：", "來源：", "par ", "von ", "por ", "автор:",
}

func folded(list ...string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, s := range list {
		m[fold(s)] = true
	}
	return m
}
