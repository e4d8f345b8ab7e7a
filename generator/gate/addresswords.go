package gate

import (
	"slices"
	"strings"
)

// The words of addresses. A word with ! before it only looks like one of its
// list: the longest word that fits decides.
const (
	openMarks = "第 附 甲 乙 丙 丁 戊 十 廿"

	houseUnits    = "号 支弄 號 号院 号大院 号宅 弄 门牌号 门牌"
	buildingUnits = "栋 棟 幢 座 号楼 號樓 号栋 号幢 栋楼 幢楼 楼栋 排 斋 舍 号宿舍 号宿舍楼 号公寓 号公寓楼 号学生公寓 号学生宿舍 号职工宿舍 号员工宿舍 号家属楼 号居民楼 号住宅楼 宿舍楼 公寓楼 家属楼 居民楼 住宅楼 号板房 号别墅 栋别墅"
	entranceUnits = "单元 單元 门 梯 门洞 号门洞 楼道门"
	floorUnits    = "楼 层 樓 層 楼层"
	roomUnits     = "室 房 床 床位 家 号房 号室 房间 号房间 室内 户 户室 号房屋 间 号寝室 寝室"
	groupUnits    = "组 队 社 小队 大队 委 连 村民小组 居民小组 村民组 居民组 小组 生产队 生产小组 号组"

	// What follows 号 where it is no house number.
	numberWords   = "线 路 公路 高速 文 令 公告 文件 通知 通告 决定 地 宗 标 路口 街 隧道 桥 航 案 函 工单 !地下 !地址 !地铁 !街坊 !路边 !路口处 !标准"
	notHouseWords = "机 床 电 车 厅 馆 台 站 井 坑 桩 仓 窗 平台 病 员 选手 门 出 入口 泵 码 召 称 角 库 闸 柜 岗 楼梯 电梯 机组 水 煤 矿 气 油 渠 灯 杆 塔 池 坝 " +
		"提案 议案 建议 信件 字 巷 弄 证 批 复 项目 工程 工地 柱 基坑 支 监 轨 卡 !门前 !门口 !门面 !门外 !门市 !门店 !门旁 !门边 !厂 !电话 !水果 !水店 " +
		"!出租 !车库里 !证件"
	// What follows 号 where it is the day of a month, behind a place that seldom
	// has house numbers.
	dateWords = "上午 下午 凌晨 中午 夜 晚 早上 早晨 那天 当天 白天 停 开 左右 前 后 以前 以后 之前 之后 起 至 到 发 来 去 收 给 打 下发 通 召 举 又 再 才 就 已"
	// What follows 组, 队 or 社 where it is no group of a village.
	notGroupWords = "织 成 建 合 装成 装机 装配 装好 装件 装线 装置 装产 团 会 员 保 伍 级 区 别 件 图 数 词 诉 稿 交 工 情 训 友 列 旗 评 学 审 医 局 办 平 群 阁 态 照"
	// What follows 栋 or 户 where they count.
	countedWords = "楼房 住宅 高层 多层 居民楼 别墅 小高层 洋房 房屋 房子 建筑 楼宇 人 居民 业主 人家 家庭 住户 群众 村民 都 均 全部 以上 左右 以内 商品 安置 " +
		"公寓楼 违 危房 厂房 单体 大楼 共 家 农 贫 老 困难 临街 新 电梯楼 楼共 楼的居民 独立 楼栋"
	// What makes a number before 号 a day.
	dayWords = "月 每月 本月 上月 下月 这个月 上个月 下个月 当月 今年 去年"

	estateWords = "小区 门第 花园 苑 城 府 庭 湾 郡 居 轩 阁 墅 邸 庐 岸 园 家园 嘉园 佳园 公馆 名邸 山庄 别墅 新村 新城 名城 华府 华庭 雅苑 豪庭 雅居 御景 " +
		"国际 天下 时代 都会 半岛 首府 上城 一品 家属院 家属楼 家属区 大院 院 院子 大杂院 四合院 院落 安置房 安置点 安置区 保障房 公租房 廉租房 经适房 还迁房 回迁房 " +
		"住宅区 住宅小区 组团 里 坊 厦 寓 天地 印象 春天 阳光 之城 云庭 台 峰景 景园 锦园 润园 水岸 江畔 尊府 领地 壹号 府邸 豪园 丽景 雅园 星城 尚城 学府 楼盘 " +
		"大都会 印 境 樾 玺 墅区 庄园 庭院 名苑 名都 名门 江山 河畔 湖畔 世家 公园里 城邦 名居 人家 臻品 小镇 绿洲 港湾 龙庭 华城 新苑 嘉苑 佳苑 东苑 西苑 南苑 北苑 悦府 悦城 " +
		"万科城 大宅 鑫苑 康城 锦城 社区 宅 楼宇 集资房 单位房 职工房 单位楼 老旧小区 " +
		"!住宅 !民宅 !公里 !这里 !那里 !哪里 !家里 !夜里 !手里 !心里 !城里 !村里 !院里 !县里 !市里 !区里 !镇里 !乡里 !小区里 !英里 !海里 !此城 !进城 !政府 !市政府 !县政府 !区政府 !省政府 !镇政府 !乡政府 " +
		"!平台 !阳台 !电台 !出台 !后台 !窗台 !柜台 !一台 !两台 !三台 !讲台 !舞台 !月台 !安居 !迁居 !定居 !分居 !同居 !邻居 !环境 !边境 !处境 !困境 !打印 !复印 !脚印 !公园 !幼儿园 !校园 !动物园 !乐园 " +
		"!工业园 !产业园 !科技园 !物流园 !软件园 !创业园 !植物园 !陵园 !果园 !茶园 !产业城 !长城 !内阁 !入户 !国家 !此岸 !对岸 !两岸 !进口岸 !口岸 !老人家 !女人家 !同时代 !新时代"
	roadWords = "路 街 大道 大街 道 巷 弄 胡同 支路 支巷 横街 横巷 小街 小巷 老街 步行街 商业街 环路 公路 国道 省道 县道 辅路 辅道 东段 西段 南段 北段 中段 一段 二段 三段 四段 五段 六段 七段 八段 " +
		"1段 2段 3段 4段 5段 6段 街坊 马路 条 胡同里 里弄 " +
		"!车道 !通道 !管道 !知道 !报道 !渠道 !频道 !赛道 !味道 !隧道 !轨道 !说道 !写道 !街道 !人行道 !便道 !步道 !绿道 !河道 !水道 !航道 !跑道 !匝道 !公道 !问道 !栈道 !铁道 " +
		"!思路 !线路 !电路 !网路 !铁路 !道路 !走路 !高速公路 !修路 !小路 !出路 !套路 !问路 !水路 !陆路 !半路 !上路 !让路 !领路 !条路 !逛街 !上街 " +
		"!第一条 !第二条 !第三条 !第四条 !第五条 !第六条 !第七条 !第八条 !第九条 !第十条 !一条 !两条 !几条 !本条 !该条 !头条 !线条 !面条 !信条"
	// What the names of some estates end with that are no sign of one by themselves.
	looseWords   = "山 谷 岛 湖 语 畔 源 峰 洲 林 海 廷 江 悦 水 云 星 月 翠 里 香 门 都 轩 号公馆 !上山 !下山 !进山 !下海 !上海 !登山 !山林 !森林 !下水 !雨水 !污水 !部门 !专门 !出门 !大门 !上门 !每月 !本月 !首都 !全都 !来源 !资源 !能源 !水源 !成都 !母语 !英语 !日语 !汉语 !机场 !江山"
	villageWords = "庄子 村民委员会 村村民 小队 团场 公社 屋 村 社区 屯 寨 庄 湾 沟 坝 营 堡 大队 居委会 村委会 村委 行政村 自然村 新村 农场 林场 牧场 渔场 嘎查 坪 垸 塘 冲 坳 岭 坡 窝 咀 洼 屋场 居 涌 埠 圩 墟 浜 " +
		"厝 埔 坂 店子 庙 铺 集 新型社区 居民点 村村 连队 分场 茶场 作业区 经合社 片 街村 " +
		"!每村 !各村 !农村 !乡村 !一村 !某某单位村 !支队 !大队部 !部队 !军营 !国营 !经营 !民营 !私营 !运营 !连营 !夏令营 !地铺 !商铺 !店铺 !收集 !征集 !聚集 !密集 !筹集 !采集 !池塘 !分片 !图片 !卡片 !照片 " +
		"!消防大队 !交警大队 !交管大队 !执法大队 !治安大队 !刑警大队 !监察大队 !支大队 !中队 !总队 !城管大队 !巡警大队 !救援大队"
	towerWords = "公园 大学城 大厦 广场 写字楼 商务楼 商务中心 商业中心 办公楼 综合楼 大楼 工业园 产业园 科技园 物流园 软件园 创业园 孵化园 园区 工业园区 开发区 工业区 高新区 产业城 商城 市场 商场 购物中心 中心 " +
		"总部 基地 港 厂区 厂 仓库 酒店 宾馆 饭店 厂房 标准厂房 保税区 科技城 建材城 家居城 汽车城 批发城 批发市场 农贸市场 航站楼 火车站 高铁站 客运站 汽车站 地铁站"
	dormWords = "宿舍 公寓 寝室 宿舍区 宿舍楼 员工宿舍 职工宿舍 学生宿舍 教师宿舍 学生公寓 教师公寓 人才公寓 青年公寓 生活区 周转房 舍区 员工楼 家属宿舍"

	publicWords = "学校 中学 小学 大学 学院 一中 二中 三中 四中 幼儿园 校区 医院 卫生院 院区 门诊 门诊部 政府 市政府 县政府 区政府 省政府 镇政府 乡政府 委员会 管委会 法院 检察院 派出所 公安局 " +
		"教育局 税务局 财政局 民政局 住建局 人社局 局 厅 司法局 大厅 政务中心 政务服务中心 行政中心 服务中心 市民中心 便民中心 办事处 便民服务中心 办事中心 交易中心 管理中心 " +
		"管理局 管理所 管理处 税务所 司法所 供电所 自来水厂 图书馆 博物馆 体育馆 文化馆 档案馆 展览馆 党校 车站 机场 养老院 福利院 敬老院 研究院 设计院 纪委 市委 县委 区委 省委 党委 监狱 看守所 " +
		"消防站 服务站 信用社 银行 支行 分行 研究所 实验室 教学楼 行政楼 机关 机关大院 机关院 公司 集团 疾控中心 妇幼保健院 保健院 " +
		"!邮局 !结局 !布局 !格局 !大局 !破局 !客厅 !餐厅"

	levelWords = "街道 街道办 街道办事处 街办 办事处 镇 乡 苏木 民族乡 民族镇 区 县 市 省 自治州 自治县 自治旗 自治区 前旗 后旗 中旗 左旗 右旗 地区 新区 开发区 高新区 经开区 高新技术产业开发区 " +
		"!小区 !社区 !园区 !片区 !景区 !校区 !库区 !厂区 !生活区 !辖区 !住宅区 !家属区 !院区 !风景区 !宿舍区 !组团区 !灾区 !老区 !军区 !街区 !安置区 !墅区 !别墅区 " +
		"!超市 !城市 !都市 !夜市 !菜市 !集市 !门市 !上市 !楼市 !股市 !闹市 !早市 成都市 宜都市 运城市 盐城市 聊城市 宣城市 晋城市 诸城市 韩城市 项城市 禹城市 邹城市 海城市 凤城市 宜城市 麻城市 丰城市 白城市 肥城市 罗城市 厦门市 江门市 荆门市 天门市 海门市 玉门市 辛集市 " +
		"!古镇 !小镇 !集镇 !乡镇 !场镇 !重镇 !城乡 !故乡 !家乡 !老乡 !同乡 !水乡 !梦乡 !下乡 !返乡 !回乡 !仙乡"

	stopWords = "亭子间 前楼 后楼 三层阁 二层阁 客堂间 客堂 灶间 厢房 阁 每个 每 各 的 了 是 我 你 您 他 她 们 这 那 该 本 在 于 从 住 对 把 将 被 给 为 因 由 让 到 至 往 去 向 与 及 或 并 但 而 请 问 称 说 叫 有 购 买 位 就 也 还 又 再 已 " +
		"我家 家住 住在 位于 地址 住址 坐落 座落 现住 家在 咱 俺 某 租 查 其 原 和 跟 里 年 月 日 号 元 万 点 分 关于 反映 投诉 举报 咨询 来自 居住 户籍 暂住 老家 地点 分别 " +
		"反应 目前 现在 最近 昨天 今天 前天 昨晚 今晚 晚上 早上 上午 下午 中午 凌晨 半夜 每天 长期 经常 一直 以来 之前 以前 因为 由于 所以 如果 虽然 不仅 并且 而且 其中 包括 以及 例如 比如 " +
		"经查 核实 经核 属于 来到 找到 看到 发现 拆除 处理 解决 希望 要求 建议 恳请 请求 申请 业主 住户 居民 村民 户主 房东 租户 租客 楼主 房屋 房产 住宅 住房 出租 承租 租住 入住 搬到 " +
		"搬至 迁至 迁入 落户 户口 身份证 寄到 寄往 寄送 送到 送至 快递 收货 收件 父母 父亲 母亲 爸爸 妈妈 奶奶 爷爷 先生 女士 同志 本人 家人 老人 孩子 丈夫 妻子 邻居 朋友 对面 旁边 隔壁 " +
		"附近 门口 后面 前面 名下 购入 买入 登记 证号 电话 联系 您好 你好 领导 书记 局长 尊敬 感谢 谢谢 写成 写为 应为 改为 更正 误写 工作人员 民警 物业 业委会 开发商 " +
		"派人 上门 前往 走访 现场 来信 来电 近日 近期 所在地 所在 网友 网民 群众 诉求 问题 情况 对待 乘坐 共有 所有 只有 还有 没有 拥有 期间 时间 全家 一家 回家 家里 家中 我村 我组 我们 他们 你们 咱们 " +
		"负责 建设 修建 新建 改造 加装 安装 涉及 针对 根据 按照 经过 通过 沿着 靠近 紧邻 毗邻 紧挨 临近 距离 正对 挨着 系 即 乃 如 自 离 距 比 跑 送 寄 找 见 拆 修 建 改 装 等 者 填 " +
		"身份证地址 家庭住址 家庭地址 收货地址 办公地址 !自由 !中国人民 !人民 !市民中心 !居民小区 !市民广场 !市民公园"
	// Words that begin with what would be a word of the sentence, and are names.
	keptWords = "号公馆 号公寓 号院 号城 号大院 在水 和平 和谐 和顺 和睦 和美 和兴 和苑 和泰 和园 和庄 和润 和馨 和风 和义 和信 和煦 和居 和合 和悦 和盛 和昌 和达 和丰 和畅 和雅 和景 和府 和庭 和鸣 里仁 为民 对岸 至诚 至善 至和 至尊 至德 " +
		"向阳 向荣 向东 向前 向日 向上 向家 向明 从化 从江 将军 将台 将乐 将相 于洪 于家 于庄 于都 本溪 本草 本色 年丰 年华 月亮 月湖 月牙 月季 月明 月坛 月色 日照 日新 日升 日月 日昌 有色 有机 万科 万达 万象 万和 " +
		"万寿 万年 万家 万福 万国 万盛 万通 万豪 万州 元宝 元和 元通 元朗 元丰 元泰 元一 元氏 分水 分宜 点军 建设路 建设街 建设大道 建设东 建设西 建设南 建设北 建设中 建设新 建设一 建设二 建设巷 建设村 建设社区 建设小区 改造村 住友 建国 建业 建新 建华 建材 建工 建安 建军 建发 建康 建宁 建阳 建瓯 建平 建湖 建德 建始 " +
		"修水 修文 修武 自力 自立 自强 自贡 自由 自新 如意 如皋 如东 如家 如归 等驾 离石 比亚迪 原平 原阳 原野 原生 原著 原山 其乐 我爱 他乡 她山 位育 还珠 就业 送子 装饰 装备 改革 已故 再生 又一 也门 " +
		"租界 查干 查家 说书 问津 问鼎 问鹿 叫化 购物 买卖 给水 被服 把式 由义 由甲 到家 往事 去非 与共 而立 并州 并蒂 但家 请愿 请安 称心 称勾 了凡 是非 住总 住建 住邦 号角 号兵 系马 见龙 见山 跑马 寄畅 找王 拆房 居住区 " +
		"居民小区 登记路 群众路 市民中心 市民广场 市民路 邻居里 父母 快递园 现代 先生街 书记沟 老人岛 现场会 电话路 领导村 经过 本田 距离"

	personWords = "家住 住在 住址 居住 户籍 我家 家庭住址 家庭地址 收货地址 收件地址 身份证地址 身份证住址 暂住 现住 家在 租住 租房 租了 租的 承租 业主 住户 房东 购房 买房 买了 我住 我们住 户口 " +
		"住所 老家 房产 住房 娘家 婆家 出租屋 出租房 自建房 宅基地 住的 住着 租的房 家中 家里 邻居 村民 居民 父母 寄到我 送到我 我在 本人 我是 我们是 我的房 入住 搬进 住于 门牌 常住 住宅地址 家的地址 寄给我 房主 户主 " +
		"独居 我爸 我妈 我父 我母 我奶 我爷 我妻 我丈夫 家地址 邮寄给我 上我家 我现在住 住 购买 安置在 分到 投诉人地址 诉求人 来电人地址 收货 收件 快递 外卖 现居 买的 购得 买到 名下 不动产 !居民委员会 !居民服务 !住建 !住宅 !住房和城乡 !住房保障 !住房公积金 !常住人口 !居住证 !户籍科 !户籍窗口 !户籍大厅 !户口登记 !不动产登记中心 !居民医保 !居民养老 !村民委员会 !村民自治 !住院 !居民身份 !住房城乡 !快递公司 !快递网点 !快递站 !购买服务 !住宿 !不动产中心 !不动产登记大厅 !不动产交易"
	officeWords = "办公地址 办公地点 办公场所 办理地点 受理地点 办理地址 受理地址 接待地址 接待地点 咨询地址 咨询地点 单位地址 公司地址 机构地址 来访地址 " +
		"注册地址 经营地址 经营场所 办事大厅 服务大厅 窗口 报名地点 报名地址 考点 开庭 领取 店址 门店 网点 现场办理 地址位于 办公室 设在 " +
		"设立 服务地址 大厅地址 中心地址 工作地点 工作时间 注册地 住所地 单位位于 办公 交表 提交至 递交 邮政编码 邮编 办证 监督电话 开户行 " +
		"会议地点 举办地 培训地点 会场 展馆 收费站 门牌号码编制 中介机构 律师事务所 通信地址 网络问政 现场受理 寄至我局 寄至我委 邮寄至 " +
		"书面邮寄 建设项目 建设地点 项目地点 项目位于 项目地址"
	// Words by which somebody is sent to a place, or speaks of how it is printed: less certain.
	siteWords = "请到 请您到 请前往 请去 前往 携带 营业 搬迁 迁至 搬至 就诊 网站 网页 页面 页底 底部 写成 写为 应为 改为 误写 显示为 更正为 " +
		"修改为 标注 值班 招聘 面试 诊所 药店 集合 乘车 举行 地图 导航 报送 选址 宗地 地块 出让"
	serviceWords = "办理 咨询 领取 受理 提交 报名 递交 来访 反映 申请"
	// What makes an address the one of a body or a shop.
	bodyWords = "局 厅 院 所 委 法院 医院 学校 中学 小学 大学 学院 幼儿园 中心 大厅 公司 集团 银行 支行 分行 网点 超市 酒店 宾馆 饭店 餐厅 餐馆 饭馆 火锅 烧烤 商店 店 药房 药店 诊所 门诊 派出所 委员会 居委会 村委会 办事处 " +
		"政府 大队 支队 中队 服务站 站 协会 事务所 工作室 厂 市场 商场 商城 网吧 酒吧 茶楼 棋牌 麻将馆 美容 理发 健身 培训 机构 馆 基地 合作社 信用社 公证 法庭 党校 宾馆 单位 部 处 科 办 会所 KTV 浴 公园 车站 社 报社 出版社 " +
		"商铺 铺面 门面 底商 加油站 充电站 驿站 驾校 殡仪 仓库 厂房 企业 工厂 门市 维修 工地 分局 管理处 行 楼盘 售楼 有一家 有家 项目 " +
		"!布局 !结局 !局面 !局部 !客厅 !所以 !所有 !所在 !所谓 !所需 !所属 !委托 !院子 !院内 !住所 !厕所 !站在 !站着 !会所有 !部分 !全部 !处理 !处于 !处在 !到处 !好处 !科目 !科技 !办理 !办法 !院坝 !小区中心 !法院判 !社区 !社会 !社保 !单位房 " +
		"!行为 !行人 !行驶 !银行卡 !行车 !进行 !实行 !流行 !运行 !不行 !自行 !执行 !行政 !行动 !部门 !内部 !外部 !公司的 !家属院 !大院 !所住 !所反 !所长 !院长 !局长 !楼道 !学院路 !部队 !深处 !何处 !一处 !此处 !多处 !处罚 !馆子"
	linkWords = "地址 位于 坐落 座落 设在 设于 地点 迁至 搬至 迁到 搬到 搬迁 地处 : ("

	// Floors without a number.
	topWords = "亭子间 前楼 后楼 三层阁 二层阁 客堂间 客堂 灶间 厢房 阁 顶楼 顶层 底楼 底层 跃层 阁楼 地下室 负一楼 负一层 复式楼 首层 地下 后座 前座 顶跃 天台 底商 车库 杂物间 储藏室 储物间 北房 南房 东房 西房 北屋 南屋 东屋 西屋 东厢房 西厢房 正房 前院 后院 里院 内院 偏院 东院 西院 " +
		"左侧 右侧 东侧 西侧 南侧 北侧 东头 西头 左边 右边 东边 西边 靠左 靠右 左手 右手 左手边 右手边 左户 右户 东户 西户 中户 南户 北户 东室 西室 左室 右室 东门 西门 左门 右门 !地下室门 !地下水 !地下管 !东门外"

	plateNameWords = "门牌 门牌号 门牌号码 门牌号为 门牌为 门牌号是 房号 房号为 房号是 房间号 地下室 平房 院内 院内平房 后院 前院 内"

	residentWords = "入户 上门 业主 住户 居民 村民 的家 家中 家里 房屋 的房子 租户 租客 房东 户主 房主 屋主 人家 的住 他家 她家 邻居 住 !住房 !住宅 !住院 !住建 !住友 !住总 !住邦"
)

// Traditional characters that the words of this file need, each before its
// simplified form.
const traditional = "號号棟栋單单樓楼層层組组隊队戶户門门區区園园灣湾莊庄鎮镇鄉乡縣县廈厦場场東东溝沟壩坝營营會会連连華华嶺岭條条間间館馆別别衚胡" +
	"衕同處处務务辦办廳厅醫医學学銀银業业廠厂國国際际時时運运壟垄廣广場场嶼屿島岛麗丽錦锦綠绿蘆芦雲云龍龙鳳凤馬马長长開开關关車车電电話话們们" +
	"這这從从對对將将給给為为於于與与說说問问稱称買买購购經经應应歸归據据請请來来鄰邻親亲媽妈爺爷戶户籍籍產产權权證证號号貨货遞递訴诉舉举報报諮咨詢询" +
	"現现實实屬属內内舊旧後后裡里裏里臨临頂顶側侧邊边負负兒儿歲岁還还無无僅仅達达極极"

// units by kind, in the order in which they are read.
var unitLists = []struct {
	kind  detailKind
	words string
}{
	{atHouse, houseUnits}, {atBuilding, buildingUnits}, {atEntrance, entranceUnits}, {atFloor, floorUnits}, {atRoom, roomUnits}, {atGroup, groupUnits},
}

// newPlaces makes the lists.
func newPlaces() *places {
	p := new(places)
	for _, w := range strings.Fields(openMarks) {
		for _, r := range w {
			p.flags[r] |= openFlag
		}
	}
	pairs := []rune(traditional)
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] != pairs[i+1] {
			p.simple[pairs[i]] = uint16(pairs[i+1])
		}
	}
	for _, l := range unitLists {
		p.add(&p.units, unitFlag, l.words, false, l.kind)
	}
	for _, l := range []struct {
		set      *wordSet
		flag     placeFlag
		words    string
		backward bool
	}{
		{&p.estates, estateFlag, estateWords, true}, {&p.loose, looseFlag, looseWords, true}, {&p.roads, roadFlag, roadWords, true},
		{&p.villages, villageFlag, villageWords, true}, {&p.towers, towerFlag, towerWords, true},
		{&p.dorms, dormFlag, dormWords, true}, {&p.publics, publicFlag, publicWords, true},
		{&p.levels, levelFlag, levelWords, true}, {&p.stops, stopFlag, stopWords, true},
		{&p.days, dayFlag, dayWords, true}, {&p.plates, plateFlag, plateNameWords, true},
		{&p.kept, keptFlag, keptWords, false}, {&p.persons, personFlag, personWords, false},
		{&p.offices, officeFlag, officeWords, false}, {&p.sites, siteFlag, siteWords, false}, {&p.services, serviceFlag, serviceWords, false}, {&p.bodies, bodyFlag, bodyWords, false},
		{&p.residents, residentFlag, residentWords, false}, {&p.links, linkFlag, linkWords, false},
		{&p.lines, numberFlag, numberWords, false}, {&p.notHouse, notHouseFlag, notHouseWords, false}, {&p.notGroup, notGroupFlag, notGroupWords, false},
		{&p.tops, topFlag, topWords, false}, {&p.counted, countedFlag, countedWords, false}, {&p.dates, dateFlag, dateWords, false},
		{&p.homes, homeFlag, homeWords, false}, {&p.homeCounts, homeFlag, homeUnits, false}, {&p.hamlets, hamletFlag, hamletEnds, true},
	} {
		p.add(l.set, l.flag, l.words, l.backward, noDetail)
	}
	p.birth.add(p)
	return p
}

// add adds words to a set.
func (p *places) add(set *wordSet, flag placeFlag, words string, backward bool, kind detailKind) {
	if set.words == nil {
		set.flag, set.words = flag, map[uint16][]placeWord{}
	}
	for _, text := range strings.Fields(words) {
		text, no := strings.CutPrefix(text, "!")
		w := placeWord{kind: kind, no: no}
		for _, r := range text {
			w.runes = append(w.runes, uint16(r))
		}
		key := w.runes[0]
		if backward {
			key = w.runes[len(w.runes)-1]
		}
		p.flags[key] |= flag
		list := append(set.words[key], w)
		slices.SortStableFunc(list, func(a, b placeWord) int { return len(b.runes) - len(a.runes) })
		set.words[key] = list
	}
}
