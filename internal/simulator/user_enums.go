package simulator

import "slices"

// The closed lists of users (documented.md 10).
var (
	// individualPurposes are the brief's 14.
	individualPurposes = []string{
		"receive_payments", "manage_professional_income", "make_payments", "manage_personal_funds",
		"investment_trading", "charitable_donations", "investment_purposes", "operating_a_company",
		"payments_to_friends_or_family_abroad", "personal_or_living_expenses", "purchase_goods_and_services",
		"protect_wealth", "receive_salary", "receive_payment_for_freelancing",
	}

	// businessPurposes are the 18 of businesses: a list of its own that lacks
	// manage_personal_funds (observed.md 5.1, which names the five added).
	businessPurposes = append(
		slices.DeleteFunc(slices.Clone(individualPurposes), func(p string) bool { return p == "manage_personal_funds" }),
		"operating_business_payments", "receive_payments_for_goods_and_services", "internal_treasury",
		"third_party_money_transmission", "ecommerce_retail_payments")

	businessTypes = []string{"llc", "corporation", "partnership", "sole_proprietorship", "trust"}

	immigrationStatuses = []string{
		"U.S. Citizen", "Permanent U.S. Resident", "Lawful Permanent Resident of U.S.",
		"Non-Permanent U.S. Resident", "Non-Resident of U.S.",
	}

	// scans are the two sides of an id, and the papers of companies.
	scans = []string{
		"front", "back", "file_proof_of_address", "file_business_formation", "file_source_of_wealth",
		"file_certificate_of_registration", "file_certificate_of_good_standing", "file_bylaws",
		"file_corporate_resolution", "file_board_minutes", "file_portfolio_statement", "file_ein_letter",
		"file_company_fiscal_registration",
	}

	// fundSources are the 11 of individuals and the 8 more of businesses. The
	// documents do not say that one is refused for the other.
	fundSources = []string{
		"salary", "self_employment_income", "investment_proceeds", "savings_inheritance_gift", "gifts",
		"inheritance", "investments_loans", "pension_retirement", "sale_of_assets_real_estate", "savings",
		"someone_elses_funds",
		"sales_of_goods_and_services", "company_funds", "owners_capital", "business_loans",
		"inter_company_funds", "third_party_funds", "treasury_reserves", "tax_refund",
	}

	industries = []string{
		"accommodation", "administrative_support_services", "air_transportation", "ambulatory_health_care_services",
		"amusement_gambling_recreation_industries", "animal_production", "apparel_manufacturing",
		"beverage_tobacco_product_manufacturing", "broadcasting",
		"building_material_garden_equipment_supplies_dealers", "chemical_manufacturing",
		"clothing_accessories_stores", "computer_electronic_product_manufacturing", "construction_of_buildings",
		"couriers_messengers", "credit_intermediation_related_activities", "crop_production",
		"data_processing_hosting_related_services", "educational_services",
		"electrical_equipment_appliance_component_manufacturing", "electronics_appliance_stores",
		"fabricated_metal_product_manufacturing", "fishing_hunting_trapping", "food_beverage_stores",
		"food_manufacturing", "food_services_drinking_places", "forestry_logging",
		"funds_trusts_other_financial_vehicles", "furniture_home_furnishings_stores",
		"furniture_related_product_manufacturing", "gasoline_stations", "general_merchandise_stores",
		"health_personal_care_stores", "heavy_civil_engineering_construction", "hospitals",
		"insurance_carriers_related_activities", "internet_publishing_broadcasting",
		"leather_allied_product_manufacturing", "lessors_nonfinancial_intangible_assets", "machinery_manufacturing",
		"management_of_companies", "merchant_wholesalers_durable_goods", "merchant_wholesalers_nondurable_goods",
		"mining_except_oil_gas", "miscellaneous_manufacturing", "miscellaneous_store_retailers",
		"monetary_authorities_central_bank", "motion_picture_sound_recording_industries",
		"motor_vehicle_parts_dealers", "museums_historical_sites", "nonmetallic_mineral_product_manufacturing",
		"nonstore_retailers", "nursing_residential_care_facilities", "oil_gas_extraction",
		"other_information_services", "paper_manufacturing", "performing_arts_spectator_sports",
		"personal_laundry_services", "petroleum_coal_products_manufacturing", "pipeline_transportation",
		"plastics_rubber_products_manufacturing", "postal_service", "primary_metal_manufacturing",
		"printing_related_support_activities", "private_households", "professional_scientific_technical",
		"public_administration", "publishing_industries", "rail_transportation", "real_estate",
		"religious_grantmaking_civic_professional_organizations", "rental_leasing_services", "repair_maintenance",
		"scenic_sightseeing_transportation", "securities_commodity_contracts_financial_investments",
		"social_assistance", "specialty_trade_contractors", "sporting_goods_hobby_book_music_stores",
		"support_activities_agriculture_forestry", "support_activities_mining", "support_activities_transportation",
		"telecommunications", "textile_mills", "textile_product_mills", "transit_ground_passenger_transportation",
		"transportation_equipment_manufacturing", "truck_transportation", "utilities", "warehousing_storage",
		"waste_management_remediation_services", "water_transportation",
		"wholesale_electronic_markets_agents_brokers", "wood_product_manufacturing",
	}
)
