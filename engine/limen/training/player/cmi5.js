/* The learning system as cmi5 describes it: launched with five parameters, a token to fetch, launch data to read, and
   xAPI statements to send: `initialized` first, one `answered` for each decision, `completed`, at most one of `passed`
   and `failed`, `terminated` last. What was answered is kept in the state of the activity, to go on with. */
var limenLms = (function () {
  "use strict";
  var CMI5 = "https://w3id.org/xapi/cmi5/", VERBS = "http://adlnet.gov/expapi/verbs/", STATE = "limen.answers";
  var launch = {}, token = "", data = null, state = {}, queue = [], under = null, begun = 0, last = 0, open = false, course = null, tell = null;
  var ways = 3, patience = 1500;

  function launched() {
    var query = new URLSearchParams(window.location.search), missing = ["endpoint", "fetch", "actor", "registration", "activityId"].filter(function (name) {
      launch[name] = query.get(name);
      return !launch[name];
    });
    if (missing.length) return missing.length < 5 ? "The learning system did not say: " + missing.join(", ") + "." : null;
    if (launch.endpoint.slice(-1) !== "/") launch.endpoint += "/";
    try { launch.agent = JSON.parse(launch.actor); } catch (refused) { return "The learning system did not say who you are."; }
    return "";
  }
  function call(method, path, query, body) {
    var named = Object.keys(query || {}).map(function (name) { return name + "=" + encodeURIComponent(query[name]); }).join("&");
    var headers = { Authorization: "Basic " + token, "X-Experience-API-Version": "1.0.3" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    return window.fetch(launch.endpoint + path + (named ? "?" + named : ""), {
      method: method, headers: headers, body: body === undefined ? undefined : JSON.stringify(body), keepalive: method !== "GET", cache: "no-store" });
  }
  function about(id) { return { stateId: id, activityId: launch.activityId, agent: launch.actor, registration: launch.registration }; }
  function read(path, query) {
    return call("GET", path, query).then(function (answer) {
      if (answer.status === 404) return null;
      if (!answer.ok) throw new Error("it answered " + answer.status);
      return answer.json();
    });
  }

  /* One request at a time, in the order they were made, each tried some times; what is refused is said on the page. */
  function send(method, path, query, body) { queue.push({ method: method, path: path, query: query, body: body, tries: 0 }); pump(); }
  function pump() {
    if (under || !queue.length) return;
    under = queue.shift();
    call(under.method, under.path, under.query, under.body).then(function (answer) {
      if (answer.ok) return;
      var refused = answer.status >= 400 && answer.status < 500 && answer.status !== 429;
      throw { final: refused, why: "it answered " + answer.status };
    }).then(function () { under = null; pump(); }, function (failed) {
      var one = under;
      under = null;
      one.tries++;
      if (!failed.final && one.tries < ways) { queue.unshift(one); window.setTimeout(pump, patience * one.tries); return; }
      tell("The learning system did not keep what you did (" + (failed.why || "it cannot be reached") + "). Stop here, and open the course there again.");
      pump();
    });
  }
  function drained(then) { if (under || queue.length) window.setTimeout(function () { drained(then); }, 50); else then(); }

  function uuid() {
    var b = window.crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64;
    b[8] = (b[8] & 63) | 128;
    var hex = Array.prototype.map.call(b, function (one) { return (one < 16 ? "0" : "") + one.toString(16); }).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }
  function now() { last = Math.max(last, Date.now()); return new Date(last).toISOString(); }
  function lasted(from) { return "PT" + Math.max(0, (Date.now() - from) / 1000).toFixed(2) + "S"; }
  function with_activities(context, list, ids) {
    var there = context.contextActivities[list] || [];
    if (!Array.isArray(there)) there = [there];
    ids.forEach(function (id) {
      if (!there.some(function (one) { return one.id === id; })) there.push({ objectType: "Activity", id: id });
    });
    context.contextActivities[list] = there;
  }
  /* The context that the learning system gave, with what is ours beside it; nothing it said is written over. */
  function context(categories, parents) {
    var made = JSON.parse(JSON.stringify(data.contextTemplate || {}));
    made.registration = launch.registration;
    made.contextActivities = made.contextActivities || {};
    made.extensions = made.extensions || {};
    if (categories.length) with_activities(made, "category", categories.map(function (one) { return CMI5 + "context/categories/" + one; }));
    if (parents.length) with_activities(made, "parent", parents);
    var own = { "urn:limen:xapi:profile": course.profile, "urn:limen:xapi:book": course.book, "urn:limen:xapi:mode": course.mode, "urn:limen:xapi:seed": course.seed, "urn:limen:xapi:provisions": course.provisions };
    Object.keys(own).forEach(function (name) { if (!(name in made.extensions)) made.extensions[name] = own[name]; });
    return made;
  }
  function statement(verb, object, where, result) {
    var made = { id: uuid(), actor: launch.agent, verb: { id: VERBS + verb, display: { "en-US": verb } }, object: object, context: where, timestamp: now() };
    if (result) made.result = result;
    return made;
  }
  function defined(verb, result, judged) {
    var where = context(judged ? ["cmi5", "moveon"] : ["cmi5"], []);
    if ((verb === "passed" || verb === "failed") && typeof data.masteryScore === "number") where.extensions[CMI5 + "context/extensions/masteryscore"] = data.masteryScore;
    return statement(verb, { objectType: "Activity", id: launch.activityId }, where, result);
  }
  function normal() { return String(data.launchMode || "Normal").toLowerCase() === "normal"; }
  function keep() { if (normal()) send("PUT", "activities/state", about(STATE), state); }
  function terminated() { return defined("terminated", { duration: lasted(begun) }, false); }

  return {
    start: function (playing, ready, said) {
      var wrong = launched();
      course = playing;
      tell = said;
      if (wrong === null) return ready({ open: false, answers: [] });
      if (wrong) return ready({ stop: wrong });
      window.fetch(launch.fetch, { method: "POST" }).then(function (answer) { return answer.json(); }).then(function (given) {
        if (!given["auth-token"]) throw new Error(given["error-text"] || "it gave no token");
        token = given["auth-token"];
        return read("activities/state", about("LMS.LaunchData"));
      }).then(function (found) {
        if (!found) throw new Error("it holds no launch data");
        data = found;
        return read("agents/profile", { profileId: "cmi5LearnerPreferences", agent: launch.actor }).catch(function () { return null; });
      }).then(function () { return read("activities/state", about(STATE)); }).then(function (found) {
        state = found && Array.isArray(found.answers) && found.package === course.salt ? found : { "package": course.salt, answers: [], completed: !!(found && found.completed), passed: !!(found && found.passed) };
        begun = Date.now();
        return call("POST", "statements", null, defined("initialized", null, false));
      }).then(function (answer) {
        if (!answer.ok) throw new Error("it answered " + answer.status);
        open = true;
        ready({ open: true, answers: state.answers, mastery: typeof data.masteryScore === "number" ? data.masteryScore : undefined,
          note: !normal() ? "You are looking around: nothing is marked or kept." : state.passed ? "You have passed this before. What you do now changes nothing about it." : "" });
      }).catch(function (failed) {
        ready({ stop: "The learning system cannot be used: " + (failed.message || "no answer") + ". Close this, and open the course there again; what you answered is kept." });
      });
    },
    answered: function (answers, decisions) {
      if (!open || !normal()) return;
      decisions.forEach(function (one) {
        var extensions = { "urn:limen:xapi:mark": one.mark, "urn:limen:xapi:defensible-under": one.under, "urn:limen:xapi:grounds": one.grounds,
          "urn:limen:xapi:missing": one.missing, "urn:limen:xapi:duties": one.duties, "urn:limen:xapi:scores": one.scores };
        if (!state.completed) extensions[CMI5 + "result/extensions/progress"] = Math.floor(100 * answers.length / course.questions.length);
        send("POST", "statements", null, statement("answered", {
          objectType: "Activity", id: one.activity,
          definition: { name: { "en-US": one.name }, type: "http://adlnet.gov/expapi/activities/cmi.interaction", interactionType: "choice",
            choices: course.answers.map(function (id) { return { id: id, description: { "en-US": course.words[id] } }; }) }
        }, context([], [launch.activityId]), {
          score: { scaled: Math.max(-1, one.points / course.points.full), raw: one.points, min: course.points.least, max: course.points.full },
          success: one.holds, response: course.answers[one.answer], duration: lasted(one.begun), extensions: extensions
        }));
      });
      state.answers = answers;
      keep();
    },
    finished: function (playing, sum, passed) {
      if (!open || !normal()) return;
      var scores = {}, own;
      course.parts.forEach(function (part) { scores[part[0]] = sum[part[0]]; });
      own = { "urn:limen:xapi:scores": scores, "urn:limen:xapi:unlawful-releases": sum.unlawful };
      if (!state.completed) send("POST", "statements", null, defined("completed", { completion: true, duration: lasted(begun), extensions: own }, true));
      if (course.mode === "assessment" && !state.passed) {
        var result = { success: passed, duration: lasted(begun), extensions: own }, scaled = sum.verdict / 100;
        /* One score cannot say what four say: where it would contradict `failed` it is left out. */
        if (passed || typeof data.masteryScore !== "number" || scaled < data.masteryScore) result.score = { scaled: scaled, raw: sum.verdict, min: 0, max: 100 };
        send("POST", "statements", null, defined(passed ? "passed" : "failed", result, true));
        state.passed = passed;
      }
      state.completed = true;
      state.answers = [];
      keep();
    },
    /* The window goes: what is still to be sent goes in one, `terminated` the last of it. */
    leave: function () {
      if (!open) return;
      open = false;
      var left = queue.splice(0), states = left.filter(function (one) { return one.method === "PUT"; });
      if (states.length) call("PUT", "activities/state", about(STATE), states[states.length - 1].body).catch(function () {});
      call("POST", "statements", null, left.filter(function (one) { return one.method === "POST"; }).map(function (one) { return one.body; }).concat([terminated()])).catch(function () {});
    },
    exit: function (then) {
      if (!open) return then();
      open = false;
      send("POST", "statements", null, terminated());
      drained(function () {
        var back = data.returnURL || "";
        if (/^https?:/i.test(back)) window.location.assign(back); else then();
      });
    }
  };
})();
