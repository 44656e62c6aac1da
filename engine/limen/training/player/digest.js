/* SHA-256 of a text, as hex. The browser's own is not there on pages without TLS, and learning systems still serve those. */
var limenDigest = (function () {
  "use strict";
  var K = [], H0 = [];
  (function () {
    function root(n, power) { var x = Math.pow(n, power); return ((x - Math.floor(x)) * 4294967296) | 0; }
    for (var n = 2; K.length < 64; n++) {
      var prime = true;
      for (var d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
      if (prime) { if (H0.length < 8) H0.push(root(n, 1 / 2)); K.push(root(n, 1 / 3)); }
    }
  })();
  function bytesOf(text) {
    var raw = unescape(encodeURIComponent(text)), out = [];
    for (var i = 0; i < raw.length; i++) out.push(raw.charCodeAt(i));
    return out;
  }
  function rotate(x, n) { return (x >>> n) | (x << (32 - n)); }
  function bytes(text) {
    var m = bytesOf(text), length = m.length * 8, h = H0.slice(), w = [], i;
    m.push(128);
    while (m.length % 64 !== 56) m.push(0);
    for (i = 7; i >= 0; i--) m.push(i > 3 ? 0 : (length >>> (i * 8)) & 255);
    for (var at = 0; at < m.length; at += 64) {
      for (i = 0; i < 16; i++) w[i] = (m[at + i * 4] << 24) | (m[at + i * 4 + 1] << 16) | (m[at + i * 4 + 2] << 8) | m[at + i * 4 + 3];
      for (i = 16; i < 64; i++) {
        var s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >>> 3);
        var s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >>> 10);
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
      }
      var a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], z = h[7];
      for (i = 0; i < 64; i++) {
        var t1 = (z + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
        var t2 = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        z = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
      }
      var s = [a, b, c, d, e, f, g, z];
      for (i = 0; i < 8; i++) h[i] = (h[i] + s[i]) | 0;
    }
    var out = [];
    for (i = 0; i < 8; i++) for (var k = 3; k >= 0; k--) out.push((h[i] >>> (k * 8)) & 255);
    return out;
  }
  function hex(text) {
    return bytes(text).map(function (b) { return (b < 16 ? "0" : "") + b.toString(16); }).join("");
  }
  return { bytes: bytes, hex: hex };
})();
