"""keras-hub."""

import keras

from tests.downstream.calls import named, spread
from tests.downstream.rows import BUILT, COPIED, Broken, Package, Row
from tests.downstream.subclasses import define

PACKAGE = Package(
    distribution="keras-hub",
    name="keras_hub",
    rows=[
        Row(
            path="src.layers.modeling.f_net_encoder.FNetEncoder",
            arguments={"intermediate_dim": 16},
            shape=(None, 8),
        ),
        Row(
            path="src.layers.modeling.transformer_decoder.TransformerDecoder",
            arguments={"intermediate_dim": 16, "num_heads": 2},
            shape=(None, 4, 8),
        ),
        Row(
            path="src.layers.modeling.transformer_encoder.TransformerEncoder",
            arguments={"intermediate_dim": 16, "num_heads": 2},
            shape=(None, 4, 8),
        ),
        Row(
            path="src.models.clip.clip_layers.CLIPEncoderLayer",
            arguments={"hidden_dim": 8, "num_heads": 2, "intermediate_dim": 16},
            shape=(None, 4, 8),
        ),
        Row(
            path="src.models.d_fine.d_fine_layers.DFineMLP",
            arguments={"input_dim": 8, "hidden_dim": 8, "output_dim": 8, "num_layers": 2},
            shape=(None, 8),
        ),
        Row(
            path="src.models.deeplab_v3.deeplab_v3_layers.SpatialPyramidPooling",
            arguments={"dilation_rates": [1, 2], "num_channels": 8},
            shape=(None, 8, 8, 8),
            broken=[
                Broken(
                    promises=["json", "keras_file", "sharing", "dtype_policy"],
                    reason="`build` adds a tuple to the input shape, which is a list when Keras has read it from a file.",
                ),
            ],
        ),
        Row(
            path="src.models.dinov2.dinov2_layers.DINOV2MLP",
            arguments={"hidden_dim": 8, "intermediate_dim": 16},
            shape=(None, 8),
        ),
        Row(
            path="src.models.dinov3.dinov3_layers.DINOV3Encoder",
            arguments={"num_layers": 1, "hidden_dim": 8, "num_heads": 2, "intermediate_dim": 16},
            shape=(None, 4, 8),
        ),
        Row(
            path="src.models.dinov3.dinov3_layers.DINOV3GatedMLP",
            arguments={"hidden_dim": 8, "intermediate_dim": 16},
            shape=(None, 8),
        ),
        Row(
            path="src.models.dinov3.dinov3_layers.DINOV3Layer",
            arguments={"hidden_dim": 8, "num_heads": 2, "intermediate_dim": 16},
            shape=(None, 4, 8),
        ),
        Row(
            path="src.models.dinov3.dinov3_layers.DINOV3MLP",
            arguments={"hidden_dim": 8, "intermediate_dim": 16},
            shape=(None, 8),
        ),
        Row(
            path="src.models.edrec.edrec_layers.EdRecGatedFeedForward",
            arguments={"intermediate_dim": 16, "hidden_dim": 8},
            shape=(None, 8),
        ),
        Row(
            path="src.models.efficientnet.cba.CBABlock",
            arguments={"input_filters": 8, "output_filters": 8},
            shape=(None, 8, 8, 8),
        ),
        Row(
            path="src.models.efficientnet.fusedmbconv.FusedMBConvBlock",
            arguments={"input_filters": 8, "output_filters": 8},
            shape=(None, 8, 8, 8),
        ),
        Row(
            path="src.models.efficientnet.mbconv.MBConvBlock",
            arguments={"input_filters": 8, "output_filters": 8},
            shape=(None, 8, 8, 8),
        ),
        Row(
            path="src.models.gemma3n.gemma3n_text_layers.Gemma3nTextMLP",
            arguments={"hidden_size": 8, "intermediate_size": 16, "activation_sparsity": 0.0},
            given={"hidden_activation": "tanh"},
            shape=(None, 8),
        ),
        Row(
            path="src.models.llama.llama_decoder.LlamaTransformerDecoder",
            arguments={"intermediate_dim": 16, "num_query_heads": 2, "num_key_value_heads": 2},
            shape=(None, 4, 8),
            broken=[
                Broken(
                    promises=COPIED,
                    reason="`get_config` reads the attribute `rope_scaling_factor`, which the layer does not have.",
                ),
            ],
        ),
        Row(
            path="src.models.metaclip_2.metaclip_2_layers.MetaCLIP2EncoderLayer",
            arguments={"hidden_dim": 8, "num_heads": 2, "intermediate_dim": 16},
            shape=(None, 4, 8),
        ),
        Row(
            path="src.models.mistral.mistral_transformer_decoder.MistralTransformerDecoder",
            arguments={"intermediate_dim": 16, "num_query_heads": 2, "num_key_value_heads": 2},
            shape=(None, 4, 8),
        ),
        Row(
            path="src.models.mixtral.mixtral_decoder.MixtralMoeExperts",
            arguments={"num_experts": 2, "hidden_dim": 8, "intermediate_dim": 16},
            shape=(None, 8),
            broken=[
                Broken(
                    promises=BUILT,
                    cases=["layer with weights"],
                    reason="The layer calls the activation on a tensor in which an axis besides the batch has no fixed size: a `PReLU` needs `shared_axes` for it.",
                ),
            ],
        ),
        Row(
            path="src.models.mixtral.mixtral_decoder.MixtralTransformerDecoder",
            arguments={"intermediate_dim": 16, "num_query_heads": 2, "num_key_value_heads": 2, "num_experts": 2},
            shape=(None, 4, 8),
            broken=[
                Broken(
                    promises=BUILT,
                    cases=["layer with weights"],
                    reason="`call` does not use the activation.",
                ),
            ],
        ),
        Row(
            path="src.models.phi3.phi3_decoder.Phi3Decoder",
            arguments={"hidden_dim": 8, "intermediate_dim": 16, "num_query_heads": 2, "num_key_value_heads": 2},
            shape=(None, 4, 8),
        ),
        Row(
            path="src.models.qwen.qwen_decoder.QwenTransformerDecoder",
            arguments={"intermediate_dim": 16, "num_query_heads": 2, "num_key_value_heads": 2},
            shape=(None, 4, 8),
        ),
        Row(
            path="src.models.qwen3.qwen3_decoder.Qwen3TransformerDecoder",
            arguments={"intermediate_dim": 16, "num_query_heads": 2, "num_key_value_heads": 2, "head_dim": 4},
            shape=(None, 4, 8),
            broken=[
                Broken(
                    promises=COPIED,
                    reason="Its config does not contain `head_dim`, which its constructor requires.",
                ),
            ],
        ),
        Row(
            path="src.models.qwen3_5.qwen3_5_gated_delta_net.Qwen3_5GatedDeltaNet",
            arguments={
                "hidden_size": 8,
                "linear_num_key_heads": 2,
                "linear_num_value_heads": 2,
                "linear_key_head_dim": 4,
                "linear_value_head_dim": 4,
            },
            shape=(None, 4, 8),
            broken=[
                Broken(
                    promises=BUILT,
                    cases=["layer with weights"],
                    reason="`call` does not use the activation.",
                ),
            ],
        ),
        Row(
            path="src.models.qwen3_moe.qwen3_moe_decoder.Qwen3MoeExperts",
            arguments={"num_experts": 2, "hidden_dim": 8, "intermediate_dim": 16},
            shape=(None, 8),
            broken=[
                Broken(
                    promises=BUILT,
                    cases=["layer with weights"],
                    reason="The layer calls the activation on a tensor in which an axis besides the batch has no fixed size: a `PReLU` needs `shared_axes` for it.",
                ),
            ],
        ),
        Row(
            path="src.models.qwen3_moe.qwen3_moe_decoder.Qwen3MoeMLP",
            arguments={"intermediate_dim": 16, "hidden_dim": 8},
            shape=(None, 8),
        ),
        Row(
            path="src.models.qwen3_moe.qwen3_moe_decoder.Qwen3MoeTransformerDecoder",
            arguments={
                "intermediate_dim": 16,
                "num_query_heads": 2,
                "num_key_value_heads": 2,
                "moe_intermediate_dim": 8,
                "num_experts": 2,
                "top_k": 1,
                "norm_top_k_prob": True,
            },
            shape=(None, 4, 8),
            broken=[
                Broken(
                    promises=BUILT,
                    cases=["layer with weights"],
                    reason="`call` does not use the activation.",
                ),
            ],
        ),
        Row(
            path="src.models.qwen_moe.qwen_moe_decoder.QwenMoeExperts",
            arguments={"num_experts": 2, "hidden_dim": 8, "intermediate_dim": 16},
            shape=(None, 8),
            broken=[
                Broken(
                    promises=BUILT,
                    cases=["layer with weights"],
                    reason="The layer calls the activation on a tensor in which an axis besides the batch has no fixed size: a `PReLU` needs `shared_axes` for it.",
                ),
            ],
        ),
        Row(
            path="src.models.qwen_moe.qwen_moe_decoder.QwenMoeMLP",
            arguments={"intermediate_dim": 16, "hidden_dim": 8},
            shape=(None, 8),
        ),
        Row(
            path="src.models.qwen_moe.qwen_moe_decoder.QwenMoeTransformerDecoder",
            arguments={
                "intermediate_dim": 16,
                "num_query_heads": 2,
                "num_key_value_heads": 2,
                "moe_intermediate_dim": 8,
                "shared_expert_intermediate_dim": 8,
                "num_experts": 2,
                "top_k": 1,
                "norm_top_k_prob": True,
                "decoder_sparse_step": 1,
            },
            shape=(None, 4, 8),
            broken=[
                Broken(
                    promises=["config", "h5_file"],
                    cases=["name", "operation", "partial", "layer"],
                    reason="The layer contains a `QwenSparseMoeBlock`, which does not define `get_config`.",
                ),
                Broken(
                    promises=BUILT,
                    cases=["layer with weights"],
                    reason="`call` does not use the activation.",
                ),
            ],
        ),
        Row(
            path="src.models.retinanet.prediction_head.PredictionHead",
            arguments={"output_filters": 8, "num_filters": 8, "num_conv_layers": 1},
            shape=(None, 8, 8, 8),
            broken=[
                Broken(
                    promises=["json", "keras_file", "sharing", "dtype_policy"],
                    reason="`build` adds a tuple to the input shape, which is a list when Keras has read it from a file.",
                ),
            ],
        ),
        Row(
            path="src.models.sam.sam_layers.MLP",
            arguments={"hidden_dim": 8, "output_dim": 8, "num_layers": 2},
            shape=(None, 8),
        ),
        Row(
            path="src.models.sam3.sam3_layers.SAM3MLP",
            arguments={"hidden_dim": 8, "intermediate_dim": 16},
            shape=(None, 8),
        ),
        Row(
            path="src.models.sam3.sam3_text_encoder.SAM3TextEncoder",
            arguments={
                "vocabulary_size": 11,
                "embedding_dim": 8,
                "hidden_dim": 8,
                "num_layers": 1,
                "num_heads": 2,
                "intermediate_dim": 16,
            },
            shape=[(None, 8), (None, 8)],
            call=spread,
        ),
        Row(
            path="src.models.siglip.siglip_layers.SigLIPEncoderLayer",
            arguments={"hidden_dim": 8, "num_heads": 2, "intermediate_dim": 16},
            shape=(None, 4, 8),
        ),
        Row(
            path="src.models.siglip.siglip_layers.SigLIPMLP",
            arguments={"hidden_dim": 8, "intermediate_dim": 16},
            given={"activation": "tanh"},
            shape=(None, 8),
        ),
        Row(
            path="src.models.siglip.siglip_layers.SigLIPMultiHeadAttentionPooling",
            arguments={"hidden_dim": 8, "intermediate_dim": 16, "num_heads": 2},
            given={"activation": "tanh"},
            shape=(None, 4, 8),
        ),
        Row(
            path="src.models.stable_diffusion_3.mmdit.MLP",
            arguments={"hidden_dim": 8, "output_dim": 8},
            shape=(None, 8),
        ),
        Row(
            path="src.models.t5.t5_transformer_layer.T5TransformerLayer",
            arguments={
                "is_decoder": False,
                "hidden_dim": 8,
                "intermediate_dim": 16,
                "key_value_dim": 4,
                "dropout": 0.0,
                "layer_norm_epsilon": 1e-05,
                "num_heads": 2,
            },
            given={"activation": "tanh"},
            shape=(None, 4, 8),
        ),
        Row(
            path="src.models.t5gemma.t5gemma_decoder.T5GemmaDecoderLayer",
            arguments={
                "hidden_size": 8,
                "rms_norm_eps": 1e-06,
                "num_attention_heads": 2,
                "num_key_value_heads": 2,
                "query_pre_attn_scalar": 4,
                "attention_bias": False,
                "intermediate_size": 16,
                "dropout_rate": 0.0,
                "head_dim": 4,
                "initializer_range": 0.02,
                "attention_dropout": 0.0,
                "layer_type": "full_attention",
            },
            given={"hidden_activation": "tanh"},
            shape=[(None, 4, 8), (None, 4, 8)],
        ),
        Row(
            path="src.models.t5gemma.t5gemma_layers.T5GemmaMLP",
            arguments={"hidden_size": 8, "intermediate_size": 16, "dropout_rate": 0.0},
            given={"hidden_activation": "tanh"},
            shape=(None, 8),
        ),
        Row(
            path="src.models.t5gemma2.t5gemma2_layers.T5Gemma2MLP",
            arguments={"hidden_size": 8, "intermediate_size": 16, "dropout_rate": 0.0},
            given={"hidden_activation": "tanh"},
            shape=(None, 8),
        ),
        Row(
            path="src.models.video_prism.video_prism_layers.VideoPrismEncoder",
            arguments={"num_layers": 1, "num_heads": 2, "hidden_dim": 8, "intermediate_dim": 16},
            shape=(None, 4, 8),
        ),
        Row(
            path="src.models.video_prism.video_prism_layers.VideoPrismEncoderBlock",
            arguments={"num_heads": 2, "hidden_dim": 8, "intermediate_dim": 16},
            shape=(None, 4, 8),
            broken=[
                Broken(
                    promises=COPIED,
                    reason="Its config contains `key_dim`, which its constructor does not accept.",
                ),
            ],
        ),
        Row(
            path="src.models.video_prism.video_prism_layers.VideoPrismMLP",
            arguments={"hidden_dim": 8, "intermediate_dim": 16},
            shape=(None, 8),
        ),
        Row(
            path="src.models.vit_det.vit_layers.MLP",
            arguments={"intermediate_dim": 16, "hidden_dim": 8},
            shape=(None, 8),
        ),
        Row(
            path="src.models.vit_det.vit_layers.WindowedTransformerEncoder",
            arguments={"project_dim": 8, "intermediate_dim": 16, "num_heads": 2},
            shape=(None, 8, 8, 8),
            broken=[
                Broken(
                    promises=BUILT,
                    cases=["layer with weights"],
                    reason="`call` does not use the activation.",
                ),
            ],
        ),
        Row(
            path="src.models.whisper.whisper_decoder.WhisperDecoder",
            arguments={"intermediate_dim": 16, "num_heads": 2},
            shape=[(None, 4, 8), (None, 4, 8)],
            call=spread,
        ),
        Row(
            path="src.models.whisper.whisper_encoder.WhisperEncoder",
            arguments={"intermediate_dim": 16, "num_heads": 2},
            shape=(None, 4, 8),
        ),
        Row(
            path="src.layers.modeling.masked_lm_head.MaskedLMHead",
            arguments={"vocabulary_size": 11},
            shape=[(None, 4, 8), (None, 2)],
            dtype=["float32", "int32"],
            call=spread,
            broken=[
                Broken(
                    promises=["dtype_policy"],
                    cases=["layer", "layer with weights"],
                    reason="The layer computes in float32 under every dtype policy, but an activation that is a layer follows the policy.",
                ),
            ],
        ),
        Row(
            path="src.models.d_fine.d_fine_hybrid_encoder.DFineHybridEncoder",
            unbuildable="The layer takes 19 arguments that have to fit each other, and is called on a list of feature maps.",
        ),
        Row(
            path="src.models.d_fine.d_fine_decoder.DFineDecoder",
            unbuildable="The layer takes 30 arguments, some of which are layers.",
        ),
        Row(
            path="src.models.d_fine.d_fine_decoder.DFineDecoderLayer",
            unbuildable="The layer takes 30 arguments, some of which are layers.",
        ),
        Row(
            path="src.models.d_fine.d_fine_encoder.DFineEncoderLayer",
            arguments={
                "normalize_before": False,
                "encoder_hidden_dim": 8,
                "num_attention_heads": 2,
                "dropout": 0.0,
                "layer_norm_eps": 1e-5,
                "activation_dropout": 0.0,
                "encoder_ffn_dim": 16,
            },
            given={"encoder_activation_function": "tanh"},
            shape=(None, 4, 8),
            call=lambda layer, inputs: layer(inputs, output_attentions=True),
        ),
        Row(
            path="src.models.d_fine.d_fine_encoder.DFineEncoder",
            arguments={
                "normalize_before": False,
                "encoder_hidden_dim": 8,
                "num_attention_heads": 2,
                "dropout": 0.0,
                "layer_norm_eps": 1e-5,
                "activation_dropout": 0.0,
                "encoder_ffn_dim": 16,
                "num_encoder_layers": 1,
            },
            given={"encoder_activation_function": "tanh"},
            shape=(None, 4, 8),
            call=lambda layer, inputs: layer(inputs, output_attentions=True),
        ),
        Row(
            path="src.models.d_fine.d_fine_layers.DFineConvNormLayer",
            arguments={
                "filters": 4,
                "kernel_size": 3,
                "batch_norm_eps": 1e-5,
                "stride": 1,
                "groups": 1,
                "padding": 1,
                "channel_axis": -1,
            },
            given={"activation_function": "tanh"},
            shape=(None, 8, 8, 8),
        ),
        Row(
            path="src.models.d_fine.d_fine_layers.DFineCSPRepLayer",
            arguments={"batch_norm_eps": 1e-5, "filters": 4, "num_blocks": 1, "channel_axis": -1},
            given={"activation_function": "tanh"},
            shape=(None, 8, 8, 8),
        ),
        Row(
            path="src.models.d_fine.d_fine_layers.DFineRepVggBlock",
            arguments={"filters": 4, "channel_axis": -1},
            given={"activation_function": "tanh"},
            shape=(None, 8, 8, 8),
        ),
        Row(
            path="src.models.d_fine.d_fine_layers.DFineFeatureAggregationBlock",
            arguments={
                "encoder_hidden_dim": 8,
                "hidden_expansion": 1.0,
                "batch_norm_eps": 1e-5,
                "num_blocks": 1,
                "channel_axis": -1,
            },
            given={"activation_function": "tanh"},
            shape=(None, 8, 8, 8),
            broken=[
                Broken(
                    promises=BUILT,
                    cases=["layer with weights"],
                    reason="The layer calls one activation on tensors of several shapes, and the weights of a `PReLU` fit only one of them.",
                ),
            ],
        ),
        Row(
            path="src.models.deberta_v3.disentangled_attention_encoder.DisentangledAttentionEncoder",
            unbuildable="Its attention calls `Softmax` in a way that Keras 3.15.1 refuses, with any activation.",
        ),
        Row(
            path="src.models.esm.esm_encoder.ESMEncoder",
            arguments={"heads": 2, "head_size": 4, "intermediate_size": 16},
            shape=[(None, 4, 8), (None, 4)],
            call=spread,
        ),
        Row(
            path="src.models.roformer_v2.roformer_v2_encoder.RoformerV2Encoder",
            arguments={"heads": 2, "head_size": 4, "intermediate_size": 16},
            shape=[(None, 4, 8), (None, 4)],
            call=spread,
        ),
        Row(
            path="src.models.gpt_neo_x.gpt_neo_x_decoder.GPTNeoXDecoder",
            arguments={"intermediate_dim": 16, "num_heads": 2, "rotary_percentage": 0.5},
            shape=(None, 4, 8),
            broken=[
                Broken(
                    promises=COPIED,
                    reason="Its config contains `decoder_sequence_shape`, which its constructor does not accept.",
                ),
            ],
        ),
        Row(
            path="src.models.hgnetv2.hgnetv2_layers.HGNetV2ConvLayer",
            arguments={
                "in_channels": 8,
                "out_channels": 8,
                "kernel_size": 3,
                "stride": 1,
                "groups": 1,
                "channel_axis": -1,
            },
            shape=(None, 8, 8, 8),
            broken=[
                Broken(
                    promises=["construction", "config", "json", "keras_file", "h5_file", "weights_file", "clone"],
                    cases=["operation", "partial", "layer", "layer with weights"],
                    reason="The layer accepts only a few names.",
                ),
                Broken(promises=["sharing", "dtype_policy"], reason="The layer accepts only a few names."),
                Broken(promises=["state"], cases=["layer with weights"], reason="The layer accepts only a few names."),
            ],
        ),
        Row(
            path="src.models.mobilenet.mobilenet_backbone.ConvBnActBlock",
            arguments={"filter": 4},
            given={"activation": "tanh"},
            shape=(None, 8, 8, 8),
            named=True,
        ),
        Row(
            path="src.models.mobilenet.mobilenet_backbone.InvertedResidualBlock",
            arguments={
                "expansion": 1.0,
                "infilters": 8,
                "filters": 4,
                "kernel_size": 3,
                "stride": 1,
                "squeeze_excite_ratio": 0.0,
                "padding": 1,
            },
            given={"activation": "tanh"},
            shape=(None, 8, 8, 8),
            named=True,
        ),
        Row(
            path="src.models.mobilenet.mobilenet_backbone.SqueezeAndExcite2D",
            arguments={"filters": 8, "bottleneck_filters": 4},
            shape=(None, 8, 8, 8),
            named=True,
            broken=[
                Broken(
                    promises=COPIED,
                    reason="Its config contains `spatial_dims`, which its constructor does not accept.",
                ),
            ],
        ),
        Row(
            path="src.models.moonshine.moonshine_encoder.MoonshineEncoderBlock",
            arguments={"hidden_dim": 8, "intermediate_dim": 16, "num_heads": 2},
            shape=[(None, 4, 8), (None, 4)],
            call=lambda layer, inputs: layer(inputs[0], inputs[1][0][:, None] * keras.ops.ones((1, 2))),
            broken=[
                Broken(
                    promises=["construction"], reason="The layer ignores the argument, which its parent class takes."
                ),
                Broken(
                    promises=["config", "json", "keras_file", "h5_file", "weights_file", "clone", "sharing", "state"],
                    cases=["layer with weights"],
                    reason="The layer ignores the argument, which its parent class takes.",
                ),
                Broken(
                    promises=["h5_file"],
                    cases=["name", "operation", "partial", "layer"],
                    reason="The model of this measurement slices an input, which Keras does not load from `.h5`.",
                ),
                Broken(
                    promises=["dtype_policy"],
                    reason="The layer does not compute the same after loading under a mixed dtype policy, with any activation.",
                ),
            ],
        ),
        Row(
            path="src.models.moonshine.moonshine_decoder.MoonshineDecoderBlock",
            arguments={"hidden_dim": 8, "intermediate_dim": 16, "num_heads": 2},
            shape=[(None, 4, 8), (None, 5, 8), (None, 4)],
            call=lambda layer, inputs: layer(inputs[0], inputs[1], inputs[2][0][:, None] * keras.ops.ones((1, 2))),
            broken=[
                Broken(
                    promises=["construction"], reason="The layer ignores the argument, which its parent class takes."
                ),
                Broken(
                    promises=["config", "json", "keras_file", "h5_file", "weights_file", "clone", "sharing", "state"],
                    cases=["layer with weights"],
                    reason="The layer ignores the argument, which its parent class takes.",
                ),
                Broken(
                    promises=["h5_file"],
                    cases=["name", "operation", "partial", "layer"],
                    reason="The model of this measurement slices an input, which Keras does not load from `.h5`.",
                ),
                Broken(
                    promises=["dtype_policy"],
                    reason="The layer does not compute the same after loading under a mixed dtype policy, with any activation.",
                ),
            ],
        ),
        Row(
            path="src.models.qwen3_5.qwen3_5_decoder.Qwen3_5TransformerDecoder",
            arguments={
                "layer_type": "full_attention",
                "intermediate_dim": 16,
                "num_query_heads": 2,
                "num_key_value_heads": 2,
                "head_dim": 4,
                "partial_rotary_factor": 0.5,
            },
            shape=(None, 4, 8),
        ),
        Row(
            path="src.models.retinanet.feature_pyramid.FeaturePyramid",
            arguments={"min_level": 3, "max_level": 4, "use_p5": False, "num_filters": 8},
            shape={"P3": (None, 8, 8, 8), "P4": (None, 4, 4, 8)},
            broken=[
                Broken(
                    promises=BUILT,
                    cases=["layer with weights"],
                    reason="`call` does not use the activation.",
                ),
            ],
        ),
        Row(
            path="src.models.roformer_v2.roformer_v2_masked_lm.RoformerV2MaskedLMHead",
            unbuildable="The layer needs the embedding layer of its model.",
        ),
        Row(
            path="src.models.sam.sam_layers.TwoWayMultiHeadAttention",
            arguments={"num_heads": 2, "key_dim": 4, "intermediate_dim": 16, "skip_first_layer_pos_embedding": False},
            shape=[(None, 4, 8), (None, 4, 8), (None, 4, 8), (None, 4, 8)],
            call=spread,
        ),
        Row(
            path="src.models.sam.sam_mask_decoder.SAMMaskDecoder",
            arguments={
                "hidden_size": 8,
                "num_layers": 1,
                "intermediate_dim": 16,
                "num_heads": 2,
                "embedding_dim": 8,
                "iou_head_hidden_dim": 8,
            },
            shape=[(None, 4, 4, 8), (None, 4, 4, 8), (None, 3, 8), (None, 4, 4, 8)],
            call=spread,
            broken=[
                Broken(
                    promises=BUILT,
                    cases=["layer with weights"],
                    reason="The layer calls one activation on tensors of several shapes, and the weights of a `PReLU` fit only one of them.",
                ),
            ],
        ),
        Row(
            path="src.models.sam.sam_prompt_encoder.SAMPromptEncoder",
            arguments={
                "hidden_size": 8,
                "image_embedding_size": (4, 4),
                "input_image_size": (16, 16),
                "mask_in_channels": 4,
            },
            shape={
                "points": (None, 2, 2),
                "labels": (None, 2),
                "boxes": (None, 1, 2, 2),
                "masks": (None, 1, 16, 16, 1),
            },
            call=named,
            broken=[
                Broken(
                    promises=BUILT,
                    cases=["layer with weights"],
                    reason="The layer calls one activation on tensors of several shapes, and the weights of a `PReLU` fit only one of them.",
                ),
            ],
        ),
        Row(
            path="src.models.sam.sam_transformer.TwoWayTransformer",
            arguments={"num_layers": 1, "hidden_size": 8, "num_heads": 2, "intermediate_dim": 16},
            shape=[(None, 4, 4, 8), (None, 4, 4, 8), (None, 3, 8)],
            call=spread,
        ),
        Row(
            path="src.models.sam3.sam3_detr_decoder.SAM3DetrDecoder",
            arguments={
                "image_shape": (8, 8, 3),
                "patch_size": 2,
                "num_layers": 1,
                "hidden_dim": 8,
                "intermediate_dim": 16,
                "num_heads": 2,
                "num_queries": 3,
            },
            shape=[(None, 16, 8), (None, 3, 8), (None, 16, 8), (None, 3)],
            dtype=["float32", "float32", "float32", "bool"],
            call=spread,
        ),
        Row(
            path="src.models.sam3.sam3_detr_decoder.SAM3DetrDecoderLayer",
            arguments={"hidden_dim": 8, "intermediate_dim": 16, "num_heads": 2},
            shape=[(None, 4, 8), (None, 3, 8), (None, 3, 8), (None, 5, 8), (None, 5, 8), (None, 4, 3), (None, 2, 4, 5)],
            dtype=["float32", "float32", "float32", "float32", "float32", "bool", "float32"],
            call=spread,
        ),
        Row(
            path="src.models.sam3.sam3_detr_encoder.SAM3DetrEncoder",
            arguments={"num_layers": 1, "hidden_dim": 8, "intermediate_dim": 16, "num_heads": 2},
            shape=[(None, 2, 2, 8), (None, 3, 8), (None, 2, 2, 8), (None, 3)],
            dtype=["float32", "float32", "float32", "bool"],
            call=spread,
        ),
        Row(
            path="src.models.sam3.sam3_detr_encoder.SAM3DetrEncoderLayer",
            arguments={"hidden_dim": 8, "intermediate_dim": 16, "num_heads": 2},
            shape=[(None, 5, 8), (None, 3, 8), (None, 5, 8), (None, 5, 3)],
            dtype=["float32", "float32", "float32", "bool"],
            call=spread,
        ),
        Row(
            path="src.models.sam3.sam3_geometry_encoder.SAM3GeometryEncoder",
            unbuildable="`call` takes five inputs that have to fit each other.",
        ),
        Row(
            path="src.models.sam3.sam3_geometry_encoder.SAM3GeometryEncoderLayer",
            arguments={"hidden_dim": 8, "intermediate_dim": 16, "num_heads": 2},
            shape=[(None, 3, 8), (None, 5, 8), (None, 5, 8), (None, 3, 3)],
            dtype=["float32", "float32", "float32", "bool"],
            call=spread,
        ),
        Row(
            path="src.models.sam3.sam3_text_encoder.CLIPEncoderLayer",
            arguments={"hidden_dim": 8, "num_heads": 2, "intermediate_dim": 16},
            shape=[(None, 4, 8), (None, 4, 4)],
            dtype=["float32", "bool"],
            call=spread,
        ),
        Row(
            path="src.models.sam3.sam3_vision_encoder.SAM3ViTEncoder",
            arguments={
                "image_shape": (8, 8, 3),
                "patch_size": 2,
                "num_layers": 1,
                "hidden_dim": 8,
                "intermediate_dim": 16,
                "num_heads": 2,
                "pretrain_image_shape": (8, 8, 3),
                "global_attn_indexes": [0],
            },
            shape=(None, 8, 8, 3),
            broken=[
                Broken(
                    promises=["config", "h5_file"],
                    cases=["layer with weights"],
                    reason="Its config contains a list that Keras tracks: a copy of the list copies the layer, and a built `PReLU` in it cannot be copied.",
                ),
                Broken(
                    promises=["sharing"],
                    reason="Keras restores the tiled position embeddings of only one of two such layers in a model.",
                ),
            ],
        ),
        Row(
            path="src.models.sam3.sam3_vision_encoder.SAM3ViTLayer",
            arguments={
                "image_shape": (8, 8, 3),
                "patch_size": 2,
                "hidden_dim": 8,
                "intermediate_dim": 16,
                "num_heads": 2,
            },
            shape=(None, 4, 4, 8),
        ),
        Row(
            path="src.models.sam3.sam3_vision_encoder.SAM3VisionEncoder",
            arguments={
                "image_shape": (8, 8, 3),
                "patch_size": 2,
                "num_layers": 1,
                "hidden_dim": 8,
                "intermediate_dim": 16,
                "num_heads": 2,
                "fpn_hidden_dim": 8,
                "fpn_scale_factors": [1.0],
                "pretrain_image_shape": (8, 8, 3),
                "global_attn_indexes": [0],
            },
            shape=(None, 8, 8, 3),
            broken=[
                Broken(
                    promises=["config", "h5_file"],
                    cases=["layer with weights"],
                    reason="Its config contains a list that Keras tracks: a copy of the list copies the layer, and a built `PReLU` in it cannot be copied.",
                ),
                Broken(
                    promises=["sharing"],
                    cases=["layer"],
                    reason="Keras restores the tiled position embeddings of only one of two such layers in a model.",
                ),
            ],
        ),
        Row(
            path="src.models.t5gemma.t5gemma_encoder.T5GemmaEncoderLayer",
            arguments={
                "hidden_size": 8,
                "rms_norm_eps": 1e-6,
                "num_attention_heads": 2,
                "num_key_value_heads": 2,
                "query_pre_attn_scalar": 4,
                "attention_bias": False,
                "intermediate_size": 16,
                "dropout_rate": 0.0,
                "initializer_range": 0.02,
                "attention_dropout": 0.0,
                "layer_type": "full_attention",
                "head_dim": 4,
            },
            given={"hidden_activation": "tanh"},
            shape=[(None, 4, 8), (None, 4)],
            dtype=["float32", "int32"],
            call=spread,
        ),
        Row(
            path="src.models.t5gemma2.t5gemma2_encoder.T5Gemma2EncoderLayer",
            arguments={
                "hidden_size": 8,
                "rms_norm_eps": 1e-6,
                "num_attention_heads": 2,
                "num_key_value_heads": 2,
                "query_pre_attn_scalar": 4,
                "attention_bias": False,
                "intermediate_size": 16,
                "dropout_rate": 0.0,
                "initializer_range": 0.02,
                "attention_dropout": 0.0,
                "layer_type": "full_attention",
                "head_dim": 4,
            },
            given={"hidden_activation": "tanh"},
            shape=[(None, 4, 8), (None, 4)],
            dtype=["float32", "int32"],
            call=spread,
        ),
        Row(
            path="src.models.t5gemma2.t5gemma2_decoder.T5Gemma2DecoderLayer",
            unbuildable="`call` takes merged masks that have to fit both of its inputs.",
        ),
        Row(
            path="src.models.xlnet.xlnet_encoder.XLNetEncoder",
            unbuildable="`call` takes masks, relative positions and segments that have to fit each other.",
        ),
        Row(
            path="src.models.gemma3n.gemma3n_text_decoder.Gemma3nTextDecoderBlock",
            unbuildable="The layer takes 27 arguments that have to fit each other, and is called on five inputs.",
        ),
        Row(
            path="src.models.gemma3n.gemma3n_text_model.Gemma3nTextModel",
            unbuildable="The layer takes 30 arguments that have to fit each other.",
        ),
    ],
)

define(PACKAGE, globals())
