import { bars, type Field, list } from './field.js';

export const learning: Field = {
  id: 'learning',
  titles:
    bars(`Machine Learning Engineer|Senior Machine Learning Engineer|Data Scientist|Senior Data Scientist|Applied Scientist|AI Engineer
    |NLP Engineer|Computer Vision Engineer|MLOps Engineer|Research Engineer|Quantitative Analyst`),
  verbs:
    bars(`train|build|deploy|fine-tune|evaluate|design|prototype|label|productionise|calibrate|distil|benchmark|monitor|retrain|own
    |tune|ship|research|replace|rework|serve|compare`),
  things:
    bars(`ranking model|recommender|classifier|forecast model|retrieval system|embedding index|feature store|anomaly detector
    |language model assistant|document extractor|speech model|image segmenter|uplift model|churn model|scoring service|evaluation harness
    |labelling tool|training pipeline|entity matcher|summariser|fraud model|demand model|search reranker|translation pipeline`),
  tools:
    bars(`PyTorch|TensorFlow|scikit-learn|XGBoost|LightGBM|Hugging Face Transformers|LangChain|spaCy|OpenCV|MLflow|Kubeflow|Ray|ONNX Runtime
    |Triton|CUDA|JAX|FAISS|pgvector|SageMaker|Vertex AI|Weights & Biases|Python|NumPy|Pandas|Airflow|Spark|FastAPI|Optuna|Prophet|vLLM|DVC`),
  means: list(`
    in {tool} with hard negatives mined every night
    with {tool}, trained on {n} million labelled examples
    by distilling an ensemble into one {tool} model that fits on a CPU
    using {tool} and calibrated probabilities, so that thresholds keep their meaning
    with {n} hand-made features and no deep network at all
    on {tool}, retrained weekly and rolled back when drift exceeds a limit
    with a labelling guide that raised agreement among {n} annotators
    in {tool}, evaluated on slices the business cared for
    with retrieval over {n}00,000 documents and cited answers
    after an A/B test of {n} weeks against the rules it replaced
    with mixed precision and {tool} on {n} GPUs
    using {tool} with monotone constraints that compliance asked for
    with active learning, {n} times fewer labels than random sampling
    as a {tool} service answering in under {n}0 ms
    from sparse logs of {n} markets, sharing strength through a hierarchical prior
    with a refusal path for questions outside of the documents
    in {tool} and compared with {other} under one budget`),
  problems:
    bars(`label leakage|drift after a price change|a feedback loop in rankings|cold-start items|overconfident scores|training-serving skew
    |hallucinated citations|class imbalance|missing values that carried meaning|slow inference on phones|biased sampling of reviews
    |unstable offline metrics|near-duplicate images across splits`),
  causes:
    bars(`features computed after the event|a join that looked into the future|one annotator with a different rule|an unnoticed unit change
    |a tokeniser that split part numbers|popular items in every negative sample|augmentation applied to the test set
    |a logging change in the mobile app|seasonality of one large client|weights saved before the last epoch`),
  lower:
    bars(`inference cost|mean absolute error|false positives|labelling cost|training time|serving latency|manual reviews|out-of-stock days
    |GPU hours|word error rate|drift alerts|chargebacks`),
  higher:
    bars(`click-through rate|recall at fixed precision|AUC|NDCG|answer accuracy|share of cases handled automatically|revenue per visit
    |forecast accuracy|annotator agreement|coverage of the catalogue`),
  duties: list(`
    Framed business questions as measurable learning problems
    Presented experiments and their limits to stakeholders each month
    Reviewed notebooks and turned the good ones into tested packages
    Kept model cards, data sheets and evaluation reports current
    Followed the literature and reproduced promising papers
    Monitored models in production and retrained them when needed`),
  degrees:
    bars(`MSc Machine Learning|MSc Statistics|PhD Computational Linguistics|MSc Artificial Intelligence|BSc Physics|BSc Mathematics
    |MSc Computer Vision|BSc Computer Science`),
};
