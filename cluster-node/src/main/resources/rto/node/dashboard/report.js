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

  const draw = () => {
    charts.forEach(chart => chart.destroy());
    charts = [];
    stages();
    lines('chart-reward', 'iteration', [line('reward model', '--blue', data.reward)]);
    lines('chart-kl', 'iteration', [line('KL', '--orange', data.kl)]);
    lines('chart-length', 'iteration', [line('tokens', '--green', data.length)]);
    data.training.forEach((curve, i) => lines(`chart-training-${i}`, 'step',
      [line(curve.metric, curve.metric === 'accuracy' ? '--green' : '--blue', curve.points)]));
  };

  // Hover titles do not exist on a phone: the parts of the chosen token also stand below the text.
  const tokens = document.getElementById('tokens');
  const parts = document.getElementById('parts');
  const choose = event => {
    const token = event.target.closest('span');
    if (!token) return;
    tokens.querySelectorAll('.chosen').forEach(other => other.classList.remove('chosen'));
    token.classList.add('chosen');
    parts.textContent = `“${token.textContent.trim()}”: ${token.title}`;
  };
  if (tokens) ['mouseover', 'click'].forEach(kind => tokens.addEventListener(kind, choose));

  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
})();
