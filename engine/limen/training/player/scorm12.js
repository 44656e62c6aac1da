/* The learning system as the SCORM 1.2 run-time environment describes it: find its API, resume, report.
   Without one the course still runs; then nothing is kept, and the page says so. */
var limenLms = (function () {
  "use strict";
  var api = null, open = false, done = false, begun = new Date();
  function find(from) {
    var here = from, steps = 0;
    try {
      while (!here.API && here.parent && here.parent !== here && steps < 10) { steps++; here = here.parent; }
      return here.API || null;
    } catch (refused) { return null; }
  }
  function call(name) {
    if (!api || !open) return "";
    try { return String(api[name].apply(api, Array.prototype.slice.call(arguments, 1))); } catch (failed) { return ""; }
  }
  function set(name, value) { return call("LMSSetValue", name, String(value)) === "true"; }
  function two(n) { return (n < 10 ? "0" : "") + n; }
  function finish() {
    var seconds = Math.round((new Date() - begun) / 1000);
    set("cmi.core.session_time", two(Math.floor(seconds / 3600)) + ":" + two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60));
    call("LMSCommit", "");
    call("LMSFinish", "");
    open = false;
  }
  return {
    start: function (course, ready) {
      var status = "", kept = "";
      api = find(window);
      if (!api && window.opener) api = find(window.opener);
      if (api) { try { open = String(api.LMSInitialize("")) === "true"; } catch (failed) { open = false; } }
      if (open) {
        status = call("LMSGetValue", "cmi.core.lesson_status");
        kept = call("LMSGetValue", "cmi.suspend_data");
        if (!status || status === "not attempted") set("cmi.core.lesson_status", "incomplete");
      }
      ready({ open: open, answers: kept && ["passed", "failed", "completed"].indexOf(status) < 0 ? kept.split(";") : [] });
    },
    answered: function (answers, decisions) {
      decisions.forEach(function (one) {
        var name = "cmi.interactions." + one.place + ".";
        set(name + "id", "q" + one.number + "-" + (one.index + 1));
        set(name + "type", "choice");
        set(name + "student_response", "abcd".charAt(one.answer));
        set(name + "result", one.holds ? "correct" : "wrong");
      });
      set("cmi.suspend_data", answers.join(";"));
      set("cmi.core.lesson_location", answers.length);
      call("LMSCommit", "");
    },
    finished: function (course, sum, passed) {
      course.parts.forEach(function (part, index) {
        set("cmi.objectives." + index + ".id", part[0]);
        set("cmi.objectives." + index + ".score.raw", sum[part[0]]);
      });
      set("cmi.core.score.min", 0);
      set("cmi.core.score.max", 100);
      set("cmi.core.score.raw", sum.verdict);
      set("cmi.core.lesson_status", course.mode === "assessment" ? (passed ? "passed" : "failed") : "completed");
      set("cmi.core.exit", "");
      done = true;
      if (open) finish();
    },
    leave: function () { if (open && !done) { set("cmi.core.exit", "suspend"); finish(); } }
  };
})();
