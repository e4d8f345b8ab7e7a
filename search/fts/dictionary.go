package fts

// dictionaryID is stored with every compressed text. Another dictionary needs
// another number.
const dictionaryID = 1

// dictionary primes the compression of texts: words and turns that letters to
// offices and their answers are full of. Texts are short, so that each would
// otherwise have to spell them out. It is part of the format: an index holds no
// dictionary of its own, because one made of its documents would keep their
// words after they were withdrawn. The most frequent stand last, where
// references to them are shortest.
const dictionary = `` +
	`关于咨询建议投诉举报求助反映情况问题来信来电留言诉求事项办理结果` +
	`物业公司业主委员会小区停车位乱收费噪音扰民油烟污染垃圾清运违章建筑拆迁补偿安置房屋产权证不动产登记` +
	`社保养老保险医疗保险工伤认定失业金公积金提取贷款退休待遇拖欠工资农民工劳动仲裁用人单位` +
	`义务教育入学学区划分幼儿园中小学招生教师培训机构退费医院挂号报销疫苗接种户口迁移身份证居住证驾驶证` +
	`道路破损路灯不亮红绿灯交通拥堵公交线路地铁站施工占道下水道堵塞自来水停水停电燃气供暖温度不达标` +
	`土地征收宅基地承包经营权低保救助残疾人补贴高龄津贴公租房廉租房人才引进营业执照税务发票行政许可行政处罚` +
	`市人民政府区人民政府县人民政府街道办事处乡镇社区居委会村民委员会` +
	`住房和城乡建设局自然资源和规划局人力资源和社会保障局生态环境局市场监督管理局城市管理综合执法局` +
	`交通运输局教育局公安局交警支队民政局卫生健康委员会医疗保障局水务局农业农村局应急管理局信访局税务局` +
	`根据《中华人民共和国》《条例》《办法》《规定》《实施细则》第条第款的规定，` +
	`我想请问一下，希望有关部门能够尽快解决，给老百姓一个说法。恳请领导高度重视，严重影响了我们的正常生活，` +
	`多次向有关部门反映，至今没有得到解决。请问什么时候可以？需要什么手续？具体流程是怎样的？谢谢！` +
	`尊敬的领导：您好！尊敬的市民朋友：您好！网友您好：您的留言已收悉。您在平台上反映的问题已收悉，` +
	`我单位高度重视，立即组织工作人员进行调查核实。现将有关情况回复如下：经核实，经调查，经与当事人联系，` +
	`一、二、三、四、1.2.3.4.5.6.（一）（二）（三）目前，下一步，我们将进一步加大力度，加强监管，督促相关单位按照要求` +
	`如有疑问，请拨打咨询电话：12345，工作日上午9:00至12:00，下午14:00至17:30。联系地址：` +
	`已责令其限期整改，已将您反映的情况转交相关部门处理，建议您携带身份证、户口本等相关材料到` +
	`由此给您带来的不便，敬请谅解。感谢您对我们工作的关心、理解与支持！祝您生活愉快！2024年2025年2026年1月2月3月4月5月6月7月8月9月10月11月12月日`
