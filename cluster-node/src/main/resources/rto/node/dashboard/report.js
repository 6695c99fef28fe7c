(() => {
  'use strict';
  const data = JSON.parse(document.getElementById('data').textContent);
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const rgba = (name, alpha) => `rgba(${style(name)}, ${alpha})`;
  const SMOOTH = 0.25;
  const MANY = 40;
  let charts = [];

  const axis = title => ({
    title: { display: Boolean(title), text: title, color: style('--faint') },
    ticks: { color: style('--faint'), maxTicksLimit: 6 },
    grid: { color: style('--line') },
    border: { color: style('--line') },
  });

  const line = (label, colour, points) => ({
    label,
    data: points.map(([x, y]) => ({ x, y })),
    borderColor: rgba(colour, 1),
    backgroundColor: rgba(colour, 1),
    borderWidth: 2,
    tension: SMOOTH,
    pointRadius: points.length > MANY ? 0 : 2,
    pointHitRadius: 8,
  });

  const lines = (id, xTitle, datasets) => {
    const canvas = document.getElementById(id);
    if (!canvas) return;
    charts.push(new Chart(canvas, {
      type: 'line',
      data: { datasets },
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: 'nearest', axis: 'x', intersect: false },
        plugins: { legend: { display: datasets.length > 1, labels: { color: style('--ink'), boxWidth: 12 } } },
        scales: { x: { type: 'linear', ...axis(xTitle) }, y: axis('') },
      },
    }));
  };

  // The 95 % interval of each bar, as a whisker.
  const whiskers = {
    id: 'whiskers',
    afterDatasetsDraw(chart) {
      const { ctx, scales: { x } } = chart;
      ctx.save();
      ctx.strokeStyle = style('--ink');
      ctx.lineWidth = 1.5;
      chart.getDatasetMeta(0).data.forEach((bar, i) => {
        const { gold, ci95 } = data.stages[i];
        const from = x.getPixelForValue(gold - ci95);
        const to = x.getPixelForValue(gold + ci95);
        ctx.beginPath();
        ctx.moveTo(from, bar.y); ctx.lineTo(to, bar.y);
        ctx.moveTo(from, bar.y - 5); ctx.lineTo(from, bar.y + 5);
        ctx.moveTo(to, bar.y - 5); ctx.lineTo(to, bar.y + 5);
        ctx.stroke();
      });
      ctx.restore();
    },
  };

  const stages = () => {
    const canvas = document.getElementById('chart-stages');
    if (!canvas) return;
    const ends = data.stages.flatMap(s => [s.gold - s.ci95, s.gold + s.ci95]);
    const colours = ['--faint-rgb', '--orange', '--blue'];
    charts.push(new Chart(canvas, {
      type: 'bar',
      data: {
        labels: data.stages.map(s => s.name),
        datasets: [{
          label: 'gold reward',
          data: data.stages.map(s => s.gold),
          backgroundColor: data.stages.map((s, i) => rgba(colours[i % colours.length], 0.75)),
          borderRadius: 4,
          maxBarThickness: 26,
        }],
      },
      options: {
        indexAxis: 'y',
        animation: false,
        maintainAspectRatio: false,
        plugins: { legend: { display: false } },
        scales: {
          x: { ...axis('gold reward'), suggestedMin: Math.min(0, ...ends), suggestedMax: Math.max(0, ...ends) },
          y: { ...axis(''), grid: { display: false } },
        },
      },
      plugins: [whiskers],
    }));
  };

  const PARTS = [
    ['dpo', 'DPO', '--blue'],
    ['kl', 'KL', '--orange'],
    ['sentence', 'sentence', '--green'],
    ['shaping', 'shaping', '--faint-rgb'],
  ];

  const parts = () => lines('chart-parts', 'iteration', PARTS
    .filter(([part]) => data.parts[part].some(([, y]) => y !== 0))
    .map(([part, label, colour]) => line(label, colour, data.parts[part])));

  // What is paid to each token, stacked by who pays it; whole sums fall on the last one, so the
  // others set the scale.
  const paid = ({ texts, paid: by }, i) => {
    const canvas = document.getElementById(`chart-tokens-${i}`);
    if (!canvas) return;
    const shown = PARTS.filter(([part]) => by[part].some(y => y !== 0));
    const sum = (h, sign) => shown.reduce((all, [part]) => all + Math.max(0, sign * by[part][h]), 0);
    const before = texts.map((_, h) => h).slice(0, Math.max(1, texts.length - 1));
    const bound = 1.1 * Math.max(...before.flatMap(h => [sum(h, 1), sum(h, -1)]));
    charts.push(new Chart(canvas, {
      type: 'bar',
      data: {
        labels: texts,
        datasets: shown.map(([part, label, colour]) => ({
          label, data: by[part], backgroundColor: rgba(colour, 0.75),
        })),
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: 'index', intersect: false },
        plugins: { legend: { labels: { color: style('--ink'), boxWidth: 12 } } },
        scales: {
          x: { ...axis(''), stacked: true, ticks: { color: style('--faint'), autoSkip: false, minRotation: 60, font: { size: 10 } }, grid: { display: false } },
          y: { ...axis('reward'), stacked: true, min: -bound || undefined, max: bound || undefined },
        },
      },
    }));
  };

  const draw = () => {
    charts.forEach(chart => chart.destroy());
    charts = [];
    stages();
    lines('chart-reward', 'iteration', [line('reward model', '--blue', data.reward)]);
    lines('chart-kl', 'iteration', [line('KL', '--orange', data.kl)]);
    lines('chart-length', 'iteration', [line('tokens', '--green', data.length)]);
    parts();
    data.tokens.forEach(paid);
    data.training.forEach((curve, i) => lines(`chart-training-${i}`, 'step',
      [line(curve.metric, curve.metric === 'accuracy' ? '--green' : '--blue', curve.points)]));
  };

  // Hover titles do not exist on a phone: the parts of the chosen token also stand below the text.
  document.querySelectorAll('.tokens').forEach(tokens => {
    const told = tokens.closest('article').querySelector('.parts');
    const choose = event => {
      const token = event.target.closest('span');
      if (!token) return;
      tokens.querySelectorAll('.chosen').forEach(other => other.classList.remove('chosen'));
      token.classList.add('chosen');
      told.textContent = `“${token.textContent.trim()}”: ${token.title}`;
    };
    ['mouseover', 'click'].forEach(kind => tokens.addEventListener(kind, choose));
  });

  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
})();
