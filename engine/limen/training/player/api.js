/* Finding and calling the API of a learning system, as the SCORM 1.2 run-time environment describes it.
   Without one the course still runs; then nothing is kept, and the page says so. */
var limenLms = (function () {
  "use strict";
  var api = null, open = false, begun = new Date();
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
  function two(n) { return (n < 10 ? "0" : "") + n; }
  return {
    start: function () {
      api = find(window);
      if (!api && window.opener) api = find(window.opener);
      if (api) { try { open = String(api.LMSInitialize("")) === "true"; } catch (failed) { open = false; } }
      return open;
    },
    get: function (name) { return call("LMSGetValue", name); },
    set: function (name, value) { return call("LMSSetValue", name, String(value)) === "true"; },
    commit: function () { return call("LMSCommit", "") === "true"; },
    isOpen: function () { return open; },
    finish: function () {
      if (!open) return;
      var seconds = Math.round((new Date() - begun) / 1000);
      this.set("cmi.core.session_time", two(Math.floor(seconds / 3600)) + ":" + two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60));
      this.commit();
      call("LMSFinish", "");
      open = false;
    }
  };
})();
