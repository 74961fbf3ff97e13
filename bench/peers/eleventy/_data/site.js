export default {
  title: "党群工作",
  organization: "管理学院",
  url: "https://sm.example.edu.cn/dqgz",
  home: "https://sm.example.edu.cn/",
  description: "管理学院党群工作网：通知公告、会议动态、理论学习、支部风采。",
  keywords: "党建,支部,群团,管理学院",
  sections: {
    notices: "通知公告",
    meetings: "会议动态",
    theory: "理论学习",
    organization: "组织建设",
    branches: "支部风采",
    union: "群团工作",
    students: "学生园地",
    topics: "专题专栏",
  },
};
