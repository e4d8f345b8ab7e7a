package gatetext

// Unit is a made-up office with the lines and addresses that it states in public.
// They stand in clean documents of the unit, which a gate passes that has been
// told of them.
type Unit struct {
	ID        string
	Name      string
	Lines     []string
	Addresses []string
	Official  string // full name of somebody in office, written beside the title
	Title     string
}

// Units lists the offices of clean documents, always the same.
func Units() []Unit {
	return []Unit{
		{"zhujian", "市住房和城乡建设局", []string{"028-61550123", "028-61550188"}, []string{"建设大道66号"}, "祝延庆", "局长"},
		{"chengguan", "区城市管理局", []string{"0731-84220156", "0731-84220166"}, []string{"滨江路208号"}, "丛林生", "局长"},
		{"renshe", "县人力资源和社会保障局", []string{"0571-63770912", "0571-63770915"}, []string{"文昌路18号"}, "路明德", "局长"},
		{"jiaoyu", "市教育局", []string{"0311-86031234", "0311-86030555"}, []string{"学府路1号"}, "梅春和", "局长"},
		{"minzheng", "区民政局", []string{"010-68120456", "010-68120400"}, []string{"和平大街99号"}, "管仲谦", "局长"},
		{"weijian", "区卫生健康局", []string{"021-57830021", "021-57830100"}, []string{"健康路5号"}, "冉玉成", "局长"},
		{"shuiwu", "县水利局", []string{"0991-7852210", "0991-7852266"}, []string{"河滨路31号"}, "向国栋", "局长"},
		{"zhen", "镇人民政府", []string{"0457-3411022", "0457-3411007"}, []string{"振兴街120号"}, "苗立志", "镇长"},
	}
}
