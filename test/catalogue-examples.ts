/**
 * For each topic of the public catalogue a title that it is for, and one that it is not for although it sounds near.
 * The titles are made up.
 */
export const CATALOGUE_EXAMPLES: Readonly<
  Record<string, readonly [finds: string, leaves: string]>
> = {
  interpretability: [
    'Mechanistic Interpretability of Modular Addition',
    'Mechanics of Sign Languages in Court',
  ],
  'circuits-and-features': [
    'Training Sparse Autoencoders on Speech Models',
    'Sparse Signals and Deep Autoencoders for Radar',
  ],
  steering: ['Steering Vectors Generalise Less Than We Hope', 'Steering Small Boats by Sonar'],
  'in-context-learning': [
    'In-Context Learning Works with Wrong Labels',
    'Learning in the Context of Rural Schools',
  ],
  'mixture-of-experts': [
    'A Mixture of Experts for Every Budget',
    'What Experts Think of a Mixture of Methods',
  ],
  'efficient-inference': [
    'Speculative Decoding with Three Drafts',
    'Efficient Experiments for Slow Laboratories',
  ],
  compression: [
    'Pruning after Quantization, or the Other Way Round',
    'Compressing Gas in Porous Rock',
  ],
  sparsity: ['Sparse Attention with Fixed Patterns', 'Sparse Observations of Rare Birds'],
  'fine-tuning': ['Fine-Tuning with LoRA on One Card', 'A Fine Network of Tuned Resonators'],
  'pre-training': [
    'Continual Pre-Training without Loss',
    'Training Teachers before the First Term',
  ],
  alignment: [
    'Reward Models Disagree about Humour',
    'Alignment of Genome Sequences on Small Machines',
  ],
  reasoning: ['Chain of Thought without a Prompt', 'On Thoughts in Chains of Hotels'],
  hallucination: [
    'Measuring Hallucination in Long Answers',
    'The Generation of Hydrogen by Augmented Cells',
  ],
  agents: ['Tool Use by Small Models', 'Chemical Reagents for Cold Water'],
  'reinforcement-learning': [
    'Offline Reinforcement Learning from Few Logs',
    'Reinforced Concrete that Learns to Heal',
  ],
  'multimodal-llms': [
    'What Vision-Language Models Count',
    'Language Acquisition in Blind Children',
  ],
  'image-generation': ['Diffusion Models that Keep a Face', 'Diffusion of Salt in Clay'],
  'vision-backbones': [
    'A Vision Transformer with Fewer Patches',
    'A Transformer Station Seen from Above',
  ],
  'detection-and-segmentation': [
    'Semantic Segmentation of Narrow Streets',
    'Market Segmentation by Meaning',
  ],
  'attention-alternatives': [
    'State Space Models for Long Recordings',
    'The State of Space Telescopes',
  ],
  tokenization: ['BPE Merges That Hurt', 'Tokens of Gratitude in Old Letters'],
  embeddings: ['Text Embeddings for Short Queries', 'Embedding Fibres in Ice'],
  'learning-theory': ['Grokking in Shallow Networks', 'The Law of Large Scales in Fish'],
  'continual-learning': [
    'Catastrophic Forgetting Is Local',
    'How Communities Forget a Catastrophe',
  ],
  robustness: ['Adversarial Examples in Sound', 'A Robust Bridge of Cork'],
  neuroscience: ['EEG Decoding across Subjects', 'Spikes in the Price of Wheat'],
  'science-and-health': ['Protein Folding on a Laptop', 'Healthy Soil by Rotation'],
  evaluation: ['A Benchmark for Long Dialogue', 'The Value of Public Parks'],
  'graph-learning': [
    'Graph Neural Networks without Oversmoothing',
    'Neural Responses to Bar Graphs',
  ],
  'time-series': ['Forecasting Time Series with Missing Hours', 'A Series of Talks on Lost Time'],
  'tabular-data': ['Deep Learning on Tabular Data, Revisited', 'Tabular Crystals in Old Lava'],
  'federated-learning': [
    'Federated Learning with Sleeping Clients',
    'Learning Law in Federated States',
  ],
  causality: [
    'Treatment Effects under Hidden Confounding',
    'The Effect of Salt Treatment on Roads',
  ],
  uncertainty: ['Conformal Prediction for Drifting Data', 'Predicting Conformity in Groups'],
  optimizers: ['AdamW with a Shorter Memory', 'The Rate of Learning among Ravens'],
  'self-supervised-learning': [
    'A Masked Autoencoder for Seismograms',
    'Masks and Supervision in Hospitals',
  ],
  'synthetic-data': ['Synthetic Data for Rare Accents', 'Synthetic Rubber from Dandelions'],
  'long-context': ['Long-Context Models Read the Middle', 'The Long History of Context Clues'],
  'recommender-systems': [
    'Sequential Recommendation with Silent Users',
    'Recommended Vaccines for Travellers',
  ],
  fairness: ['Social Bias in Job Descriptions', 'Fair Weather over the Alps'],
  'machine-translation': [
    'Machine Translation of Idioms',
    'The Translation of a Machine along a Rail',
  ],
  multilingual: [
    'Cross-Lingual Transfer to Twelve African Languages',
    'Transfer of Heat across Two Plates',
  ],
  'speech-and-audio': [
    'Speech Recognition for Whispering',
    'Freedom of Speech and Its Recognition by Courts',
  ],
  dialogue: ['A Dialogue System that Waits', 'A Dialogue between Physics and Art'],
  'summarization-and-qa': ['Question Answering over Two Pages', 'A Question of Answerable Guilt'],
  'information-extraction': [
    'Named Entity Recognition in Old Newspapers',
    'Naming of Streets and Their Recognition',
  ],
  'computational-linguistics': ['Dependency Parsing for Verse', 'Dependency on Imported Grain'],
  'three-d-vision': ['Gaussian Splatting of Moving Trees', 'Splatter of Rain on Gauss Meters'],
  'video-understanding': ['Action Recognition from the Side', 'Legal Action for Recognition'],
  'documents-and-ocr': ['OCR for Torn Pages', 'Layout of Gardens'],
  'remote-sensing': ['Satellite Imagery of Flooded Fields', 'Satellites of Small Planets'],
  'robot-learning': ['Imitation Learning with One Hand', 'Learning Birds and Their Imitation'],
  locomotion: ['Humanoid Robots on Gravel', 'Walking Habits of Commuters'],
  'navigation-and-mapping': ['SLAM in Fog', 'Mapping Dialects of Old Navigators'],
  'autonomous-driving': [
    'Trajectory Prediction at Roundabouts',
    'Driving Forces of Autonomous Regions',
  ],
  'world-models': ['A World Model that Plans in Dreams', 'Models of the Ancient World'],
  'serving-and-inference-systems': [
    'LLM Serving with Uneven Prompts',
    'Serving Sizes and Inferred Diets',
  ],
  'training-systems': ['Pipeline Parallelism with Fewer Bubbles', 'Pipelines and Parallel Roads'],
  'hardware-and-compilers': ['An FPGA for Sparse Layers', 'The Hardware of Medieval Clocks'],
  databases: ['Text-to-SQL with Nested Views', 'A Base of Data-Rich Polar Stations'],
  'distributed-systems': ['A Consensus Protocol for Slow Links', 'Consensus among Editors'],
  'software-engineering': ['Program Repair with Failing Tests', 'Repair Programmes for Old Houses'],
  'program-verification': [
    'Autoformalization of School Algebra',
    'Proof Sheets and Their Assistants',
  ],
  'human-computer-interaction': [
    'Human-AI Collaboration in Newsrooms',
    'Interaction of Human and Animal Diseases',
  ],
  privacy: ['Differentially Private Maps', 'Private Lessons and Different Results'],
  cryptography: ['Post-Quantum Keys for Small Cards', 'Posts in Quantum Physics Departments'],
  'software-security': ['Fuzzing Parsers of Old Formats', 'Fuzzy Edges of Clouds'],
  'prompt-injection': ['Prompt Injection by Footnotes', 'Prompt Payment and Fuel Injection'],
  'watermarks-and-forensics': [
    'A Watermark That Survives Translation',
    'Marks of Water on Stone Steps',
  ],
  'protein-design': ['Enzyme Design by Search', 'Designing Meals Rich in Protein'],
  genomics: ['Single-Cell Atlases of the Eye', 'Single Parents and Cell Phones'],
  'molecules-and-drugs': ['Retrosynthesis with Few Steps', 'Docking of Ferries in Wind'],
  'clinical-ai': ['Predictions from Electronic Health Records', 'Records of Health Inspectors'],
  'epidemiology-and-ecology': ['Infectious Disease on Islands', 'Infectious Laughter in Choirs'],
  'quantum-computing': [
    'Quantum Error Correction with Few Qubits',
    'Errors in Quantities Corrected by Clerks',
  ],
  materials: ['Interatomic Potentials for Alloys', 'Potential Uses of Atomic Clocks'],
  'high-energy-physics': ['Neutrino Masses from Beta Decay', 'Energy Prices and High Schools'],
  astronomy: ['Gravitational Waves from Neutron Stars', 'Waves of Migration and Their Gravity'],
  'fluids-and-simulation': ['A Neural Operator for Turbulence', 'Operators of Neural Clinics'],
  'weather-and-climate': ['Weather Forecasting by Neighbours', 'Weathered Rock and Its Forecast'],
  'probability-and-statistics': [
    'Large Deviations of Random Matrices',
    'Deviations from Large Roads',
  ],
  'optimization-theory': [
    'Convergence Rates of Nonconvex Optimization',
    'Rates of Pay in Convex Contracts',
  ],
  combinatorics: ['The Chromatic Number of Sparse Hypergraphs', 'Chromatic Tuning of Organs'],
  'algebra-and-number-theory': [
    'Elliptic Curves over Small Fields',
    'Curves in Elliptical Gardens',
  ],
  'analysis-and-pdes': [
    'Well-Posedness of a Partial Differential Equation',
    'Differential Pay and Partial Leave',
  ],
  'geometry-and-topology': ['Knot Theory and Minimal Surfaces', 'Theories of Minimal Music'],
  'quantitative-finance': ['Portfolio Optimization with Costs', 'Portfolios of Young Painters'],
  'games-and-economics': ['Nash Equilibrium in Repeated Auctions', 'Equilibrium of Chemical Games'],
  education: ['Knowledge Tracing in Evening Schools', 'Traces of Knowledge in Rock Art'],
};
